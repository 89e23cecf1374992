{# What the two roles were granted on tables, views and columns, in the form of wanted_grants. #}
{% macro present_grants() %}
    select
        pg_roles.rolname::text as role_name,
        pg_namespace.nspname::text as schema_name,
        pg_class.relname::text as table_name,
        granted.column_name,
        granted.privilege
    from (
        select oid as table_id, null as column_name, acl.grantee, acl.privilege_type as privilege
        from pg_class cross join aclexplode(relacl) as acl
        union all
        select attrelid, attname::text, acl.grantee, acl.privilege_type
        from pg_attribute cross join aclexplode(attacl) as acl
        where not attisdropped
    ) as granted
    inner join pg_roles on granted.grantee = pg_roles.oid
    inner join pg_class on granted.table_id = pg_class.oid
    inner join pg_namespace on pg_class.relnamespace = pg_namespace.oid
    where pg_roles.rolname in ('{{ retention.runner_role() }}', '{{ retention.analyst_role() }}')
{% endmacro %}
