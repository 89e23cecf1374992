{# The columns that the database has, of any relation: (table_schema, table_name, column_name, type_id). #}
{% macro existing_columns() %}
    select
        pg_namespace.nspname as table_schema,
        pg_class.relname as table_name,
        pg_attribute.attname as column_name,
        pg_attribute.atttypid as type_id
    from pg_attribute
    inner join pg_class on pg_attribute.attrelid = pg_class.oid
    inner join pg_namespace on pg_class.relnamespace = pg_namespace.oid
    where pg_attribute.attnum > 0 and not pg_attribute.attisdropped
{% endmacro %}
