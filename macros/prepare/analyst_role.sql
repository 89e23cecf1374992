{# Who looks at what is due: reads the shared views that hold no personal value, creates in a schema of its own. #}
{% macro analyst_role() -%} retention_analyst {%- endmacro %}
