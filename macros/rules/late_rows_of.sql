{#
    The rows of a dependent kind that are due on their own, for they came late, as a query that defines `late` of each. Two
    ways lead to them, of which a night goes one: where it is remembered since when they may have come, it looks up what is
    living since then and asks for each owner; else owners that were emptied and rows are joined. The planner would not
    choose so: it knows neither the instant nor how few owners were emptied. Rows that may have several owners are always
    joined, since one is late as well when the platform takes the last living owner away.
#}
{% macro late_rows_of(kind, cutoffs, columns) -%}
    {%- set _is_remembered = retention.may_be_late('living', kind) and retention.has_living_index(kind) -%}
    {%- if _is_remembered %}
    select {{ columns }}
    from {{ cutoffs }} as horizon
    cross join lateral {{ retention.living_rows_of(kind, 'living.anonymized_on is null' ~ retention.may_be_late('living', kind)) }} as recent
    cross join lateral (select recent.* where {{ retention.dependent_is_due('recent', kind, is_of_batch=true) }} offset 0) as late
    where horizon.cutoff is not null and {{ retention.late_since() }} > '-infinity'
    union all
    {%- endif %}
    select {{ columns }}
    from {{ cutoffs }} as horizon
    inner join {{ ref('platform_' ~ kind) }} as late on horizon.environment_id = late.environment_id
    where horizon.cutoff is not null and {{ retention.dependent_is_due('late', kind) }}
        {%- if _is_remembered %}
        and {{ retention.late_since() }} = '-infinity'
        {%- else -%}
        {{ retention.may_be_late('late', kind) }}
        {%- endif %}
{%- endmacro %}
