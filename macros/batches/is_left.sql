{#
    Whether a row of the table is not marked, or holds a value of one of the personal columns, as an SQL condition;
    `at_a_glance`: random identifiers by their beginning and length only, for a check of every row.
#}
{% macro is_left(table, columns, at_a_glance=false) -%}
    (
    {%- if retention.has_marker_column(table) %}{{ adapter.quote(table.marker) }} is null{% else %}false{% endif -%}
    {%- for _column in columns %} or {{ retention.holds_value(_column, at_a_glance) }}{% endfor %})
{%- endmacro %}
