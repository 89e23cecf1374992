{#
    What a row is counted by, as an array of texts in the order of kept_columns; one empty text where nothing is, since no server
    gathers empty arrays.
#}
{% macro kept_values(table) -%}
    {%- set _columns = retention.kept_columns(table) -%}
    array[{% for _column in _columns %}{{ adapter.quote(_column.name) }}::text{{ ', ' if not loop.last }}{% else %}''{% endfor %}]::text[]
{%- endmacro %}
