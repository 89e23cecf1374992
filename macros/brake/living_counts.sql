{#
    How many rows of each kind the environments have that are not anonymized. Distributed tables can't be counted up to a
    bound that another table gives, so all are.
#}
{% macro living_counts() -%}
    {%- for kind in retention.kinds() %}
    select environment_id, '{{ kind }}' as kind, count(*) as rows
    from {{ ref('platform_' ~ kind) }}
    where anonymized_on is null
    group by environment_id
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
