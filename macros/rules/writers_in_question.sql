{#
    The users of the environment of the row `horizon` who may be due by its cutoff, as a relation for a join: all, or those whose
    remembered activity lies before it, looked up by index: the planner, which can't know how few they are, would read all.
#}
{% macro writers_in_question() -%}
    {%- if retention.has_activity() -%}
    cross join lateral (
        select active.user_id
        from {{ source('ledger', 'user_activity') }} as active
        where active.environment_id = horizon.environment_id and active.last_active_at < horizon.cutoff
        offset 0
    ) as silent
    cross join lateral (
        select candidate.* from {{ ref('platform_users') }} as candidate where candidate.user_id = silent.user_id offset 0
    ) as writer
    {%- else -%}
    inner join {{ ref('platform_users') }} as writer on horizon.environment_id = writer.environment_id
    {%- endif -%}
{%- endmacro %}
