{#
    Whether a row names a file of its own: a key, and not the generic picture's (U2). The generic picture is known by
    the vars of its bucket and key, whichever row names it, or, where these are not set, by the URL that the row shows.
#}
{% macro names_own_file(table, column) -%}
    {%- set _generic_key = var('generic_picture_key', '') -%}
    coalesce({{ retention.names_files(column) }}, false)
    {%- if _generic_key %}
    and ({{ retention.bucket_of(column) }}, {{ retention.object_key_of(column) }}) is distinct from (
        '{{ var('generic_picture_bucket', '') | replace("'", "''") }}', '{{ _generic_key | replace("'", "''") }}'
    )
    {%- else %}
        {%- for _shown in table.columns if _shown.replacement == 'constant' and _shown.name == column.shown_by %}
    and {{ retention.column_sql({'name': _shown.name, 'alias': column.alias}) }} is distinct from {{ retention.constant(_shown) }}
        {%- endfor %}
    {%- endif %}
{%- endmacro %}
