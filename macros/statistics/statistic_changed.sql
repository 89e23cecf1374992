{# The SQLSTATE of a batch that would move a statistic. #}
{% macro statistic_changed() -%} RT002 {%- endmacro %}
