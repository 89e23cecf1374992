{#
    What a query over a table joins to have one row a file, where a column holds several: an array of keys, or a JSON array of keys
    or of objects with one.
#}
{% macro keys_of_row(column) -%}
    {%- if column.holds == 'keys' and retention.type_name(column.data_type)[0].endswith('[]') %}
    cross join lateral (
        select element::text as object_key from unnest({{ retention.column_sql(column) }}) as element
    ) as file_of_row
    {%- elif column.holds == 'keys' %}
    cross join lateral (
        select {{ "element ->> " ~ retention.sql_literal(column.key_at) if column.key_at else "element #>> '{}'" }} as object_key
        from json_array_elements(
            case when json_typeof({{ retention.column_sql(column) }}::text::json) = 'array' then {{ retention.column_sql(column) }}::text::json end
        ) as element
    ) as file_of_row
    {%- endif -%}
{%- endmacro %}
