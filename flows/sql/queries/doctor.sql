-- What `retention doctor` looks at. Each statement under its name; {ledger} is RETENTION_SCHEMA.

-- name: session
select
    current_user                                                             as role,
    current_database()                                                       as database,
    current_setting('server_version')                                        as server_version,
    current_setting('timezone')                                              as timezone,
    pg_backend_pid()                                                         as pid,
    (select rolsuper from pg_roles where rolname = current_user)             as is_superuser,
    coalesce(has_schema_privilege(to_regnamespace(%(ledger_name)s), 'create'), false) as may_create_in_schema,
    -- Null where there is no such schema.
    has_schema_privilege(to_regnamespace(%(platform_name)s), 'usage')         as may_use_platform,
    -- Not to_regclass, which is refused where the role may not use the schema.
    exists (
        select 1 from pg_class
        where relname = 'environment_status' and relnamespace = to_regnamespace(%(ledger_name)s)
    )                                                                        as has_views

-- name: database_now
select clock_timestamp() as now

-- name: named_buckets
-- Of a platform with millions of files a part: all of them would have to be read to know that none names another bucket.
select bucket
from (
    (select bucket from {ledger}.file_references limit 100000)
    union all
    select bucket from {ledger}.file_queue
) as named
where bucket <> ''
group by bucket
order by bucket
