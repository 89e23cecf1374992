{# A text as an SQL literal. #}
{% macro sql_literal(text) -%} '{{ text | string | replace("'", "''") }}' {%- endmacro %}
