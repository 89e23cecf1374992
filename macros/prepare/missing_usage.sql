{# Statements that let the runner into the platform's schemas and analysts into ours. #}
{% macro missing_usage() %}
    select distinct 'roles', 6, '', 0, format('grant usage on schema %I to %I', wanted.schema_name, wanted.role_name), false, null
    from (
        select schema_name, '{{ retention.runner_role() }}' as role_name from ({{ retention.mapped_tables() }}) as mapped
        union all
        select {{ retention.sql_literal(env_var('RETENTION_SCHEMA', 'retention')) }}, '{{ retention.analyst_role() }}'
    ) as wanted
    where not exists (
        select 1
        from pg_namespace
        cross join aclexplode(nspacl) as acl
        inner join pg_roles on acl.grantee = pg_roles.oid
        where
            pg_namespace.nspname = wanted.schema_name
            and pg_roles.rolname = wanted.role_name
            and acl.privilege_type = 'USAGE'
    )
{% endmacro %}
