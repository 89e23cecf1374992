{# The tables that the database has, partitions left out: (table_schema, table_name). #}
{% macro existing_tables() %}
    select
        pg_namespace.nspname as table_schema,
        pg_class.relname as table_name
    from pg_class
    inner join pg_namespace on pg_class.relnamespace = pg_namespace.oid
    where pg_class.relkind in ('r', 'p', 'f', 'm') and not pg_class.relispartition
{% endmacro %}
