{# Statements that add the marker's column where the data map declares one that the table does not have. #}
{% macro missing_markers() %}
    select
        'markers', 1, mapped.table_name, 0,
        format('alter table %I.%I add column %I date', mapped.schema_name, mapped.table_name, mapped.marker),
        false, null
    from ({{ retention.mapped_tables() }}) as mapped
    where
        mapped.marker is not null
        and not exists (
            select 1
            from pg_attribute
            where attrelid = mapped.table_id and attname = mapped.marker and not attisdropped
        )
{% endmacro %}
