{# M1, M2, M5: judged one by one, by creation in the platform; never by published_at. Row of platform_messages. #}
{% macro message_is_due(message, cutoff) -%}
    {%- set _direction = var('message_direction', 'both') -%}
    {%- if _direction not in ['both', 'inbound'] -%}
        {%- do exceptions.raise_compiler_error(
            "Reading the var message_direction: expected both or inbound, found '" ~ _direction ~ "'. Set it in dbt_project.yml."
        ) -%}
    {%- endif -%}
    {{ message }}.anonymized_on is null
    and {{ message }}.created_at < {{ cutoff }}
    {%- if _direction == 'inbound' %}
    and {{ message }}.direction = 'inbound'
    {%- endif %}
{%- endmacro %}
