{#
    Whether a row names a file at all, as an SQL condition; a URL elsewhere than behind the base URL names none of ours, nor
    does the random identifier that is left where a key has to be unique.
#}
{% macro names_files(column) -%}
    {%- if column.holds == 'url' -%} {{ retention.is_own_url(retention.column_sql(column), column) }}
    {%- elif column.holds in ['keys', 'urls'] -%} file_of_row.object_key <> ''
    {%- elif column.leaves == 'random_id' -%} {{ retention.key_sql(column) }} <> '' and not ({{ retention.is_random_id(column) }})
    {%- else -%} {{ retention.key_sql(column) }} <> ''
    {%- endif -%}
{%- endmacro %}
