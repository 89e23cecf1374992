{# Whether a row is marked as anonymized and holds a value that PostgreSQL can judge by itself, as an SQL condition. #}
{% macro is_left_behind(table) -%}
    not ({{ retention.is_unmarked(table) }}) and ({{ retention.holds_stored_value(table) }})
{%- endmacro %}
