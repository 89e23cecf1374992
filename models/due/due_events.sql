with cutoffs as (
    select * from {{ ref('due_cutoffs') }}
),

events as (
    select
        'chatbot_conversations' as kind,
        chatbot_conversation_id as event_id,
        environment_id,
        created_at,
        anonymized_on
    from {{ ref('platform_chatbot_conversations') }}
    union all
    select
        'custom_events' as kind,
        custom_event_id as event_id,
        environment_id,
        created_at,
        anonymized_on
    from {{ ref('platform_custom_events') }}
)

select
    events.kind,
    events.event_id,
    events.environment_id,
    events.created_at,
    date_part('day', cutoffs.as_of - events.created_at) as age_days,
    cutoffs.cutoff
from cutoffs
inner join events on cutoffs.environment_id = events.environment_id
where {{ retention.event_is_due('events', 'cutoffs.cutoff') }}
