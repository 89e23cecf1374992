{# The environment of a row of the platform's own table as text, in SQL; null where only the thin view's joins tell. #}
{% macro environment_of_row(table) -%}
    {%- set _column = retention.environment_column(table) -%}
    cast({{ adapter.quote(_column) if _column else 'null' }} as text)
{%- endmacro %}
