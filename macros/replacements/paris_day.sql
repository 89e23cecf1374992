{# An instant cut to the start of its Paris day. #}
{% macro paris_day(instant) -%}
(date_trunc('day', {{ instant }} at time zone 'Europe/Paris') at time zone 'Europe/Paris')
{%- endmacro %}
