with cutoffs as (
    select * from {{ ref('due_cutoffs') }}
),

users as (
    select * from {{ ref('platform_users') }}
),

due as (
    select
        users.user_id,
        users.environment_id,
        users.created_at,
        users.last_message_at,
        cutoffs.as_of,
        cutoffs.cutoff
    from cutoffs
    inner join users on cutoffs.environment_id = users.environment_id
    where {{ retention.user_is_due('users', 'cutoffs.cutoff') }}
),

activity as (
    select
        due.*,
        (
            select max(messages.created_at)
            from {{ ref('platform_messages') }} as messages
            where messages.user_id = due.user_id {{- retention.same_environment('messages', 'due') }}
        ) as last_stored_message_at
    from due
)

select
    user_id,
    environment_id,
    coalesce(greatest(last_message_at, last_stored_message_at), created_at) as last_active_at,
    date_part('day', as_of - coalesce(greatest(last_message_at, last_stored_message_at), created_at)) as age_days,
    cutoff
from activity
