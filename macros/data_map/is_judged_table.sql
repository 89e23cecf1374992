{# Whether rows of a declared table can be due at all: messages and users, and every table in which something is personal. #}
{% macro is_judged_table(table) %}
    {{ return(table.name in ['messages', 'users'] or retention.personal_columns(table) | length > 0) }}
{% endmacro %}
