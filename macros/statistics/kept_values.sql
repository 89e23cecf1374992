{# The columns that each batch proves to be the same (S1, S2), of one row, as an array of text. #}
{% macro kept_values(table) -%}
    array[{% for _column in retention.kept_columns(table) %}{{ adapter.quote(_column.name) }}::text{{ ', ' if not loop.last }}{% endfor %}]::text[]
{%- endmacro %}
