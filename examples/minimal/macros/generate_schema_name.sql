{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ retention.generate_schema_name(custom_schema_name, node) }}
{%- endmacro %}
