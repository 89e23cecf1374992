with queue as (
    select * from {{ source('ledger', 'file_queue') }}
)

select
    environment_id,
    kind,
    file_id,
    'queued for more than 26 hours' as reason
from queue
where queued_at < now() - interval '26 hours'
