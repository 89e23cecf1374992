{# Whether a row names a file of its own, for the thin view of its table: tells analysts that there is one, not which. #}
{% macro has_own_file(table_name, column_name, alias='') -%}
    {%- if execute -%}
        {%- set _table = retention.mapped_table(table_name) -%}
        {%- set _column = dict(_table.columns | selectattr('name', 'equalto', column_name) | first, alias=alias) -%}
        {%- if _column.holds in ['keys', 'urls'] -%}
        exists (select 1 {{ retention.keys_of_row(_column) | replace('cross join lateral', 'from', 1) }} where {{ retention.names_own_file(_table, _column) }})
        {%- else -%}
        ({{ retention.names_own_file(_table, _column) }})
        {%- endif -%}
    {%- else -%}
        null
    {%- endif -%}
{%- endmacro %}
