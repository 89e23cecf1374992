{# The one instant everything is judged by: the var `as_of` if given, else the moment of reading. #}
{% macro as_of() -%}
    {%- set _given = retention.run_setting('as_of') -%}
    {%- if _given is none -%} now() {%- else -%} {{ retention.instant(_given) }} {%- endif -%}
{%- endmacro %}
