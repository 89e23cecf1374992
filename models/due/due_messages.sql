with cutoffs as (
    select * from {{ ref('due_cutoffs') }}
),

messages as (
    select * from {{ ref('platform_messages') }}
)

select
    messages.message_id,
    messages.environment_id,
    messages.created_at,
    date_part('day', cutoffs.as_of - messages.created_at) as age_days,
    cutoffs.cutoff
from cutoffs
inner join messages on cutoffs.environment_id = messages.environment_id
where {{ retention.message_is_due('messages', 'cutoffs.cutoff') }}
