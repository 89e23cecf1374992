{#- The types of the data map against those of the database: a marker that is no date, a text that is none. -#}
{%- set _rows = [] -%}
{%- for _table in retention.data_map() -%}
{%- for _column in _table.columns if _column.data_type -%}
{%- set _names = [_table.schema, _table.identifier, _column.name, _column.data_type] -%}
{%- do _rows.append("('" ~ _names | join("', '") ~ "')") -%}
{%- endfor -%}
{%- endfor -%}
with declared as (
    select * from (
        values {{ _rows | join(', ') if _rows else "('', '', '', 'text')" }}
    ) as declared (table_schema, table_name, column_name, data_type)
),

stored as ({{ retention.existing_columns() }})

select
    cast(null as text) as environment_id,
    declared.table_name,
    declared.column_name,
    format('%s in the data map, %s in the database', declared.data_type, format_type(stored.type_id, null)) as reason
from declared
inner join stored
    on
        declared.table_schema = stored.table_schema
        and declared.table_name = stored.table_name
        and declared.column_name = stored.column_name
where to_regtype(declared.data_type) is distinct from stored.type_id
