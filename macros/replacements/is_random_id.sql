{#
    Whether a value has the shape of a random identifier, as an SQL condition; null for null. One pattern for all of it
    costs four times as much, in every check of a constraint: dashes by place, their number, and then no other character.
#}
{% macro is_random_id(name, at_a_glance=false) -%}
    {{ name }} like 'anonymized-________-____-____-____-____________'
    {%- if not at_a_glance %}
    and length(replace({{ name }}, '-', '')) = 42
    and substr({{ name }}, 12) !~ '[^0-9a-f-]'
    {%- endif %}
{%- endmacro %}
