with messages as (
    select * from {{ ref('platform_messages') }}
)

select
    environment_id,
    cast(created_at at time zone 'Europe/Paris' as date) as day, -- noqa: RF04
    network,
    direction,
    visibility,
    count(*) as messages
from messages
group by 1, 2, 3, 4, 5
