with declared as ({{ retention.declared_columns() }}),

existing as ({{ retention.existing_columns() }}),

declared_tables as (
    select distinct
        table_schema,
        table_name
    from declared
)

select
    cast(null as text) as environment_id,
    existing.table_name,
    existing.column_name,
    'in the database, not in the data map' as reason
from existing
inner join declared_tables
    on
        existing.table_schema = declared_tables.table_schema
        and existing.table_name = declared_tables.table_name
left join declared
    on
        existing.table_schema = declared.table_schema
        and existing.table_name = declared.table_name
        and existing.column_name = declared.column_name
where declared.column_name is null
