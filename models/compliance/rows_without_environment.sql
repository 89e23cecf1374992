with environments as (
    select * from {{ ref('platform_environments') }}
),

owners as (
    select
        'messages' as kind,
        environment_id
    from {{ ref('platform_messages') }}
    union all
    select
        'users' as kind,
        environment_id
    from {{ ref('platform_users') }}
    union all
    select
        'attachments' as kind,
        environment_id
    from {{ ref('platform_attachments') }}
    union all
    select
        'chatbot_conversations' as kind,
        environment_id
    from {{ ref('platform_chatbot_conversations') }}
    union all
    select
        'custom_events' as kind,
        environment_id
    from {{ ref('platform_custom_events') }}
)

select
    cast(owners.environment_id as text) as environment_id,
    owners.kind,
    count(*) as row_count,
    'of an environment that the platform does not have: no period applies' as reason
from owners
left join environments on owners.environment_id = environments.environment_id
where environments.environment_id is null
group by owners.environment_id, owners.kind
