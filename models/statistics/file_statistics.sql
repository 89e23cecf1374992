{{ config(enabled=('attachments' in retention.kinds())) }}

with attachments as (
    select * from {{ ref('platform_attachments') }}
)

select
    environment_id,
    cast(created_at at time zone 'Europe/Paris' as date) as day, -- noqa: RF04
    count(*) as files,
    cast(coalesce(sum(byte_size), 0) as bigint) as bytes
from attachments
group by 1, 2
