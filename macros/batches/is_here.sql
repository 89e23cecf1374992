{# That a row of the platform's own table is of the environment at hand, as an SQL condition, by which Citus finds its server. #}
{% macro is_here(table, alias=none) -%}
    {{ (alias ~ '.') if alias }}{{ adapter.quote(retention.environment_column(table)) }} = _environment_id
{%- endmacro %}
