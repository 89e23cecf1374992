{# The object key of a row's file, as an SQL expression over the table and keys_of_row. #}
{% macro object_key_of(column) -%}
    {%- if column.holds == 'url' -%} {{ retention.key_in_url(retention.column_sql(column), column) }}
    {%- elif column.holds in ['keys', 'urls'] -%} file_of_row.object_key
    {%- else -%} {{ retention.key_sql(column) }}
    {%- endif -%}
{%- endmacro %}
