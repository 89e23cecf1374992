{# The columns of a data-map table that anonymization replaces. #}
{% macro personal_columns(table) %}
    {{ return(table.columns | selectattr('replacement', 'defined') | list) }}
{% endmacro %}
