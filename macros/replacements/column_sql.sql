{# A column of the data map as SQL reads it; with the alias that it was given where a thin view joins tables. #}
{% macro column_sql(column) -%}
    {{ (column.alias ~ '.') if column.alias }}{{ adapter.quote(column.name) }}
{%- endmacro %}
