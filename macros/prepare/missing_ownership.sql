{# Statements that create the schemas that are ours, or hand them and what stands in them to their roles. #}
{% macro missing_ownership() %}
    select 'roles', 5, '', step.step, step.statement, false, null
    from ({{ retention.prepared_schemas() }}) as prepared
    left join pg_roles on pg_roles.rolname = prepared.role_name
    left join pg_namespace on pg_namespace.nspname = prepared.schema_name
    cross join lateral (
        select 1, format('create schema %I authorization %I', prepared.schema_name, prepared.role_name)
        where pg_namespace.oid is null
        union all
        select 1, format('alter schema %I owner to %I', prepared.schema_name, prepared.role_name)
        where pg_namespace.nspowner is distinct from pg_roles.oid and pg_namespace.oid is not null
        union all
        -- A sequence that belongs to a column follows its table.
        select 2, format('alter %s %I.%I owner to %I', kind.word, prepared.schema_name, pg_class.relname, prepared.role_name)
        from pg_class
        inner join (
            values ('r', 'table'), ('p', 'table'), ('f', 'foreign table'), ('v', 'view'), ('m', 'materialized view')
        ) as kind (relkind, word) on pg_class.relkind::text = kind.relkind
        where pg_class.relnamespace = pg_namespace.oid and pg_class.relowner is distinct from pg_roles.oid
        union all
        select 3, format('alter routine %s owner to %I', pg_proc.oid::regprocedure, prepared.role_name)
        from pg_proc
        where pg_proc.pronamespace = pg_namespace.oid and pg_proc.proowner is distinct from pg_roles.oid
    ) as step (step, statement)
{% endmacro %}
