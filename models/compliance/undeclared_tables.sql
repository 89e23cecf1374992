with declared as ({{ retention.declared_tables() }}),

existing as ({{ retention.existing_tables() }})

select
    cast(null as text) as environment_id,
    existing.table_schema,
    existing.table_name,
    'in a schema of the platform, not in the data map' as reason
from existing
left join declared
    on existing.table_schema = declared.table_schema and existing.table_name = declared.table_name
where
    declared.table_name is null
    and existing.table_schema in (select each_declared.table_schema from declared as each_declared)
