{# The instant before which data is due (P3): the start of as_of's Paris day minus whole calendar months. #}
{% macro cutoff(as_of, months) -%}
(
    (date_trunc('day', ({{ as_of }}) at time zone 'Europe/Paris') - make_interval(months => {{ months }}))
    at time zone 'Europe/Paris'
)
{%- endmacro %}
