with runs as (
    select * from {{ source('ledger', 'runs') }}
),

-- A night is a run over every environment. The run at hand counts as finished: it is the one that asks.
finished as (
    select max(coalesce(finished_at, started_at)) as finished_at
    from runs
    where
        not dry_run
        and (
            (environments is null and outcome in ('done', 'partly done', 'held back', 'offences found'))
            or run_id = {{ (retention.run_setting('run_id') or 0) | int }}
        )
)

select
    cast(null as text) as environment_id,
    finished_at,
    case when finished_at is null then 'no run has finished yet' else 'no run has finished for 26 hours' end as reason
from finished
where finished_at is null or finished_at < now() - interval '26 hours'
