{# The columns that anonymization replaces and that PostgreSQL itself can judge; declared paths of JSON take functions of ours. #}
{% macro stored_columns(table) %}
    {{ return(retention.personal_columns(table) | rejectattr('replacement', 'equalto', 'json') | list) }}
{% endmacro %}
