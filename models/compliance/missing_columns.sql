with declared as ({{ retention.declared_columns() }}),

existing as ({{ retention.existing_columns() }})

select
    cast(null as text) as environment_id,
    declared.table_name,
    declared.column_name,
    'in the data map, not in the database' as reason
from declared
left join existing
    on
        declared.table_schema = existing.table_schema
        and declared.table_name = existing.table_name
        and declared.column_name = existing.column_name
where declared.column_name <> '' and existing.column_name is null
