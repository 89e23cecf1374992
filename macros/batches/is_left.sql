{# Whether a row of the table is not marked, or holds a value of one of the personal columns, as an SQL condition. #}
{% macro is_left(table, columns) -%}
    ({{ table.marker }} is null{% for _column in columns %} or {{ retention.holds_value(_column) }}{% endfor %})
{%- endmacro %}
