{#
    The users of the environment of the row `horizon` who are due by its cutoff, as the relation `writer` for a join: judged one
    by one are those whose remembered activity lies before it, looked up by index, where the planner, which can't know how few
    they are, would read all users and all messages. Where nothing is remembered it may join as it likes.
#}
{% macro due_writers() -%}
    {%- if retention.has_activity() -%}
    cross join lateral (
        select active.user_id
        from {{ source('ledger', 'user_activity') }} as active
        where active.environment_id = horizon.environment_id and active.last_active_at < horizon.cutoff
        offset 0
    ) as silent
    cross join lateral (
        select candidate.* from {{ ref('platform_users') }} as candidate
        where candidate.user_id = silent.user_id and {{ retention.user_is_due('candidate', 'horizon.cutoff') }}
        offset 0
    ) as writer
    {%- else -%}
    inner join {{ ref('platform_users') }} as writer
        on horizon.environment_id = writer.environment_id and {{ retention.user_is_due('writer', 'horizon.cutoff') }}
    {%- endif -%}
{%- endmacro %}
