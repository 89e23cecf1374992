{# The kinds of row besides messages, users, and those named: what is judged by the age of its own rows, or goes with an owner. #}
{% macro other_kinds() %}
    {{ return(retention.kinds() | reject('in', ['messages', 'users'] + (varargs | list)) | list) }}
{% endmacro %}
