{# The bytes of a row's file, as the row states them; null where the data map names no column for it. #}
{% macro size_of(column) -%}
    {{ retention.column_sql({'name': column.size, 'alias': column.alias}) if column.size else 'null::bigint' }}
{%- endmacro %}
