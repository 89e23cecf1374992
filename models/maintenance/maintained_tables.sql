{#- Generated from the data map: the tables that runs change, and which lines of the ledger tell that they did. -#}
{%- set _level = retention.residue_level() -%}
{%- set _rows = [] -%}
{%- for _table in retention.data_map() if retention.personal_columns(_table) -%}
    {%- for _kind, _is_dependent in retention.changed_with(_table) -%}
        {%- set _names = [_table.schema, _table.identifier, _kind] | join("', '") -%}
        {%- do _rows.append("('" ~ _names ~ "', " ~ _is_dependent ~ ")") -%}
    {%- endfor -%}
{%- endfor -%}
select
    table_schema,
    table_name,
    kind,
    is_dependent,
    '{{ _level }}' as residue
from (
    values {{ _rows | join(', ') if _rows else "('', '', '', false)" }}
) as maintained (table_schema, table_name, kind, is_dependent)
where table_name <> ''
