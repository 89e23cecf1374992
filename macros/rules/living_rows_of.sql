{#
    The rows of a kind that are due in the environment of the row `horizon`, as a subquery for a lateral join; `is_due` is
    over `living`. Where the index of living rows stands, the planner is kept from anything else than looking into it once
    an environment: it can't know how few rows lie before a cutoff that it has yet to compute, and would read every living
    row. Where the index is missing one reading of the table for all environments is the better way, and left open.
#}
{% macro living_rows_of(kind, is_due) -%}
    (
        select living.* from {{ ref('platform_' ~ kind) }} as living
        where living.environment_id = horizon.environment_id and {{ is_due }}
        {%- if retention.has_living_index(kind) %}
        offset 0
        {%- endif %}
    )
{%- endmacro %}
