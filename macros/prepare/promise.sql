{# What every row of a table keeps, as an SQL condition: not marked, or no personal column holds a value (decision 15). #}
{% macro promise(table) -%}
    {{ adapter.quote(table.marker) }} is null or not ({{ retention.holds_stored_value(table) }})
{%- endmacro %}
