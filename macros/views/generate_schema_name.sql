{#
    Models with the custom schema `target` (due, compliance) go to the target's schema, so that whoever looks has views
    of their own; everything else is shared and goes to RETENTION_SCHEMA.
#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if custom_schema_name == 'target' -%}
        {{ target.schema }}
    {%- else -%}
        {{ env_var('RETENTION_SCHEMA', 'retention') }}
    {%- endif -%}
{%- endmacro %}
