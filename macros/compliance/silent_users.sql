{#
    Of the compliance model overdue_rows: who wrote nothing since the cutoff, and something before it; or nothing at all, with a
    profile from before it; each with environment_id and user_id. Where verification goes by what is remembered of activity, those
    who were last active before their cutoff are looked up and asked one by one: together, all that was written would be read.
#}
{% macro silent_users() -%}
    {%- set _users, _goes_by_activity = ref('platform_users'), retention.goes_by_activity() -%}
    {%- set _is_silent -%}
        users.anonymized_on is null
        and cutoffs.cutoff is not null
        and coalesce(users.last_message_at < cutoffs.cutoff, true)
        and not {{ retention.has_written('>= cutoffs.cutoff') }}
        and (
            users.created_at < cutoffs.cutoff
            or users.last_message_at is not null
            or {{ retention.has_written('is not null') }}
        )
    {%- endset -%}
    {%- if _goes_by_activity %}
    select silent.environment_id, silent.user_id
    from cutoffs
    cross join lateral (
        select active.user_id from {{ source('ledger', 'user_activity') }} as active
        where active.environment_id = cutoffs.environment_id and active.last_active_at < cutoffs.cutoff
        offset 0
    ) as remembered
    cross join lateral (
        select users.environment_id, users.user_id from {{ _users }} as users
        where users.user_id = remembered.user_id and users.environment_id = cutoffs.environment_id and {{ _is_silent }}
        offset 0
    ) as silent
    where not {{ retention.is_computed_anew() }}
    union all
    {%- endif %}
    select users.environment_id, users.user_id from {{ _users }} as users
    inner join cutoffs on users.environment_id = cutoffs.environment_id
    where {{ _is_silent }} {%- if _goes_by_activity %} and {{ retention.is_computed_anew() }}{% endif %}
{%- endmacro %}
