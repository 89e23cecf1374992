with queue as (
    select * from {{ source('ledger', 'file_queue') }}
),

judged as (
    select
        queue.environment_id,
        queue.kind,
        queue.file_id,
        {{ retention.stuck_because('queue') }} as reason
    from queue
)

select * from judged
where reason is not null
