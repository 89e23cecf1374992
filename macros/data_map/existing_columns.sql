{# The columns that the database has, of the tables that the data map declares: (table_schema, table_name, column_name). #}
{% macro existing_columns() %}
    select
        pg_namespace.nspname as table_schema,
        pg_class.relname as table_name,
        pg_attribute.attname as column_name
    from pg_attribute
    inner join pg_class on pg_attribute.attrelid = pg_class.oid
    inner join pg_namespace on pg_class.relnamespace = pg_namespace.oid
    where pg_attribute.attnum > 0 and not pg_attribute.attisdropped
{% endmacro %}
