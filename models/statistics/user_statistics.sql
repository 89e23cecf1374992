with users as (
    select * from {{ ref('platform_users') }}
)

select
    environment_id,
    network,
    cast(created_at at time zone 'Europe/Paris' as date) as day, -- noqa: RF04
    count(*) as users
from users
group by 1, 2, 3
