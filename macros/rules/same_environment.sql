{#
    That two rows which a key leads to each other are of one environment, as an SQL condition that follows others. Only where
    tables are distributed by environment, which allows no other join; elsewhere the key alone decides.
#}
{% macro same_environment(one, other) -%}
    {%- if retention.is_distributed() %}
        and {{ one }}.environment_id = {{ other }}.environment_id
    {%- endif -%}
{%- endmacro %}
