{# Who runs the nights: updates the data map's personal columns and markers, owns RETENTION_SCHEMA, and nothing else. #}
{% macro runner_role() -%} retention_runner {%- endmacro %}
