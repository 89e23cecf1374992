{#- Written apart from the due views and their rules, so that a fault there can't make this green. -#}
{%- set _counted_directions = "('inbound', 'outbound')" if var('message_direction', 'both') == 'both' else "('inbound')" -%}

with cutoffs as ({{ retention.environment_cutoffs(retention.last_as_of()) }}),

messages as (
    select * from {{ ref('platform_messages') }}
),

users as (
    select * from {{ ref('platform_users') }}
),

overdue_messages as (
    select
        messages.environment_id,
        'messages' as kind,
        messages.message_id as row_id,
        'created before the cutoff (M1)' as reason
    from messages
    inner join cutoffs on messages.environment_id = cutoffs.environment_id
    where
        messages.anonymized_on is null
        and messages.created_at < cutoffs.cutoff
        and messages.direction in {{ _counted_directions }}
),

-- One that came after the run looked is no offence until the next night.
overdue_attachments as (
    select
        attachments.environment_id,
        'attachments' as kind,
        attachments.attachment_id as row_id,
        'its message is anonymized (M6)' as reason
    from {{ ref('platform_attachments') }} as attachments
    inner join messages on attachments.message_id = messages.message_id
    where
        attachments.anonymized_on is null
        and messages.anonymized_on is not null
        and attachments.created_at < {{ retention.last_as_of() }}
),

last_activity as (
    select
        users.environment_id,
        users.user_id,
        coalesce(greatest(users.last_message_at, max(messages.created_at)), users.created_at) as active_at
    from users
    left join messages on users.user_id = messages.user_id
    where users.anonymized_on is null
    group by users.environment_id, users.user_id, users.last_message_at, users.created_at
),

overdue_users as (
    select
        last_activity.environment_id,
        'users' as kind,
        last_activity.user_id as row_id,
        'no activity within the period (U1)' as reason
    from last_activity
    inner join cutoffs on last_activity.environment_id = cutoffs.environment_id
    where last_activity.active_at < cutoffs.cutoff
),

events as (
    select
        environment_id,
        'chatbot_conversations' as kind,
        chatbot_conversation_id as row_id,
        created_at,
        anonymized_on
    from {{ ref('platform_chatbot_conversations') }}
    union all
    select
        environment_id,
        'custom_events' as kind,
        custom_event_id as row_id,
        created_at,
        anonymized_on
    from {{ ref('platform_custom_events') }}
),

overdue_events as (
    select
        events.environment_id,
        events.kind,
        events.row_id,
        'created before the cutoff (S3)' as reason
    from events
    inner join cutoffs on events.environment_id = cutoffs.environment_id
    where events.anonymized_on is null and events.created_at < cutoffs.cutoff
)

select * from overdue_messages
union all
select * from overdue_attachments
union all
select * from overdue_users
union all
select * from overdue_events
