{# The tables that the data map declares and the database does not have: nothing can be prepared for them. #}
{% macro missing_tables() %}
    select 'missing tables', 0, '', 0, format('%I.%I', mapped.schema_name, mapped.table_name), false, cast(null as text)
    from ({{ retention.mapped_tables() }}) as mapped
    where mapped.table_id is null
{% endmacro %}
