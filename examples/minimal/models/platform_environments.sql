select 1 as environment_id, cast(null as integer) as retention_months
