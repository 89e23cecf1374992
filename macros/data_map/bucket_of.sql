{# The bucket of a row's files, as an SQL expression: of a column, or one for the whole table; null is the empty name. #}
{% macro bucket_of(column) -%}
    {%- if column.bucket -%} coalesce({{ retention.column_sql({'name': column.bucket, 'alias': column.alias}) }}, '')
    {%- else -%} {{ retention.sql_literal(column.bucket_name or '') }}
    {%- endif -%}
{%- endmacro %}
