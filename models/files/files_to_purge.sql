with queue as (
    select * from {{ source('ledger', 'file_queue') }}
)

select
    file_id,
    run_id,
    environment_id,
    kind,
    bucket,
    object_key,
    queued_at,
    attempts,
    failure
from queue
