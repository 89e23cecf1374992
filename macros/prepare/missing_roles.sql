{# Statements that create the two roles, which log in and have no password yet, and let them connect. #}
{% macro missing_roles() %}
    select 'roles', 4, '', step.step, step.statement, false, null
    from (
        values ('{{ retention.runner_role() }}'), ('{{ retention.analyst_role() }}')
    ) as prepared (role_name)
    left join pg_roles on pg_roles.rolname = prepared.role_name
    cross join lateral (
        select 1, format('create role %I login', prepared.role_name)
        where pg_roles.oid is null
        union all
        select 2, format('grant connect on database %I to %I', current_database(), prepared.role_name)
        where not exists (
            select 1
            from pg_database
            cross join aclexplode(coalesce(datacl, acldefault('d', datdba))) as acl
            where
                datname = current_database()
                and acl.privilege_type = 'CONNECT'
                and (acl.grantee = 0 or acl.grantee = pg_roles.oid)
        )
    ) as step (step, statement)
{% endmacro %}
