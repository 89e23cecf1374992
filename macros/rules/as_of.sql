{# The one instant everything is judged by: the var `as_of` if given, else the moment of reading. #}
{% macro as_of() -%}
    {%- set _given = var('as_of', none) -%}
    {%- if _given is none -%} now() {%- else -%} {{ retention.instant(_given) }} {%- endif -%}
{%- endmacro %}
