{#
    What a query over a table joins to have one row a file, where a column holds several: an array of keys or URLs, or a JSON array
    of these or of objects with one. A URL elsewhere than behind the base URL has no key.
#}
{% macro keys_of_row(column) -%}
    {%- set _is_array = retention.type_name(column.data_type)[0].endswith('[]') -%}
    {%- set _said = 'element::text' if _is_array
        else "element ->> " ~ retention.sql_literal(column.key_at) if column.key_at else "element #>> '{}'" -%}
    {%- if column.holds in ['keys', 'urls'] %}
    cross join lateral (
        {%- if column.holds == 'urls' %}
        select case when {{ retention.is_own_url(_said, column) }} then {{ retention.key_in_url(_said, column) }} end as object_key
        {%- else %}
        select {{ _said }} as object_key
        {%- endif %}
        from {% if _is_array -%} unnest({{ retention.column_sql(column) }}) as element
        {%- else -%} json_array_elements(
            case when json_typeof({{ retention.column_sql(column) }}::text::json) = 'array' then {{ retention.column_sql(column) }}::text::json end
        ) as element
        {%- endif %}
    ) as file_of_row
    {%- endif -%}
{%- endmacro %}
