with messages as (
    select * from {{ ref('platform_messages') }}
)

select
    environment_id,
    cast(date_trunc('month', created_at at time zone 'Europe/Paris') as date) as month, -- noqa: RF04
    count(distinct user_id) as active_users
from messages
where user_id is not null
group by 1, 2
