with messages as (
    select * from {{ ref('platform_messages') }}
),

users as (
    select * from {{ ref('platform_users') }}
)

select
    messages.environment_id,
    'messages' as kind,
    messages.message_id as row_id,
    'created after its author was anonymized (U4)' as reason
from messages
inner join users on messages.user_id = users.user_id {{- retention.same_environment('messages', 'users') }}
where messages.created_at >= cast(users.anonymized_on as timestamp) at time zone 'Europe/Paris'
