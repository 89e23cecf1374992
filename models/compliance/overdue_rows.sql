{#- Written apart from the due views and their rules, so that a fault there can't make this green. -#}
{%- set _directions = "('inbound', 'outbound')" if var('message_direction', 'both') == 'both' else "('inbound')" -%}

with cutoffs as ({{ retention.environment_cutoffs(retention.last_as_of()) }}),

messages as (
    select * from {{ ref('platform_messages') }}
),

living as (
    select
        environment_id,
        'messages' as kind,
        cast(message_id as text) as row_id,
        created_at as judged_at,
        'created before the cutoff (M1)' as reason
    from messages
    where anonymized_on is null and direction in {{ _directions }}
    union all
    select
        users.environment_id,
        'users' as kind,
        cast(users.user_id as text) as row_id,
        coalesce(greatest(users.last_message_at, max(messages.created_at)), users.created_at) as judged_at,
        'no activity within the period (U1)' as reason
    from {{ ref('platform_users') }} as users
    left join messages on users.user_id = messages.user_id {{- retention.same_environment('users', 'messages') }}
    where users.anonymized_on is null
    group by users.environment_id, users.user_id, users.last_message_at, users.created_at
    {%- for kind in retention.other_kinds() %}
    {{- retention.living_by_age(kind) }}
    {%- endfor %}
),

-- One that came after the run looked is no offence until the next night.
late as (
    {{ retention.late_to_their_owners() }}
)

select
    living.environment_id,
    living.kind,
    living.row_id,
    living.reason
from living
inner join cutoffs on living.environment_id = cutoffs.environment_id
where living.judged_at < cutoffs.cutoff
union all
select
    late.environment_id,
    late.kind,
    late.row_id,
    'its owner is anonymized (M6)' as reason
from late
inner join cutoffs on late.environment_id = cutoffs.environment_id
where cutoffs.cutoff is not null and late.created_at < {{ retention.last_as_of() }}
