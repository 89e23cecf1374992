{# The object key of a row's file, as an SQL expression over the table and keys_of_row. #}
{% macro object_key_of(column) -%}
    {%- if column.holds == 'url' -%}
    {{ adapter.quote(env_var('RETENTION_SCHEMA', 'retention')) }}.url_decoded(split_part(split_part(
        substr({{ retention.column_sql(column) }}, {{ column.base_url | length + 1 }}), '?', 1), '#', 1))
    {%- elif column.holds == 'keys' -%} file_of_row.object_key
    {%- else -%} {{ retention.key_sql(column) }}
    {%- endif -%}
{%- endmacro %}
