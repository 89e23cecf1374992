{# The columns of a data-map table that hold the object key of a file. #}
{% macro file_columns(table) %}
    {{ return(retention.personal_columns(table) | selectattr('replacement', 'equalto', 'file') | list) }}
{% endmacro %}
