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
        message_id as row_id,
        created_at as judged_at,
        'created before the cutoff (M1)' as reason
    from messages
    where anonymized_on is null and direction in {{ _directions }}
    union all
    select
        users.environment_id,
        'users' as kind,
        users.user_id as row_id,
        coalesce(greatest(users.last_message_at, max(messages.created_at)), users.created_at) as judged_at,
        'no activity within the period (U1)' as reason
    from {{ ref('platform_users') }} as users
    left join messages on users.user_id = messages.user_id
    where users.anonymized_on is null
    group by users.environment_id, users.user_id, users.last_message_at, users.created_at
    {%- for kind in ('chatbot_conversations', 'custom_events') %}
    union all
    select
        environment_id,
        '{{ kind }}' as kind,
        {{ kind[:-1] }}_id as row_id,
        created_at as judged_at,
        'created before the cutoff (S3)' as reason
    from {{ ref('platform_' ~ kind) }}
    where anonymized_on is null
    {%- endfor %}
),

-- One that came after the run looked is no offence until the next night.
late_attachments as (
    select
        attachments.environment_id,
        'attachments' as kind,
        attachments.attachment_id as row_id,
        'its message is anonymized (M6)' as reason
    from {{ ref('platform_attachments') }} as attachments
    inner join messages on attachments.message_id = messages.message_id
    inner join cutoffs on attachments.environment_id = cutoffs.environment_id
    where
        cutoffs.cutoff is not null
        and attachments.anonymized_on is null
        and messages.anonymized_on is not null
        and attachments.created_at < {{ retention.last_as_of() }}
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
    environment_id,
    kind,
    row_id,
    reason
from late_attachments
