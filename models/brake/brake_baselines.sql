with environments as (
    select cast(environment_id as text) as environment_id from {{ ref('platform_environments') }}
),

kinds as (
    {{ retention.rows_of_kinds() }}
),

lines as (
    select * from {{ source('ledger', 'run_lines') }}
),

runs as (
    select * from {{ source('ledger', 'runs') }}
),

approvals as (
    select * from {{ source('ledger', 'approvals') }}
)

select
    environments.environment_id,
    kinds.kind,
    approved.approval_id,
    coalesce(approved.retention_months, finished.retention_months) as retention_months,
    coalesce(approved.cutoff, finished.cutoff) as cutoff,
    coalesce(approved.approved_at, finished.started_at) as began_at,
    coalesce(finished.left_over, 0) as left_over
from environments
cross join kinds
left join lateral (
    select
        lines.retention_months,
        lines.cutoff,
        (
            -- What appeared behind the cutoff while the run worked was not its to do: the next brake judges it.
            select least(sum(each_lane.left_over), greatest(sum(each_lane.due) - sum(each_lane.anonymized), 0))
            from lines as each_lane
            where
                each_lane.run_id = lines.run_id
                and each_lane.environment_id = lines.environment_id
                and each_lane.kind = lines.kind
        ) as left_over,
        runs.started_at
    from lines
    inner join runs on lines.run_id = runs.run_id
    where
        lines.environment_id = environments.environment_id
        and lines.kind = kinds.kind
        and lines.state = 'open'
        and runs.outcome in ('done', 'partly done', 'held back', 'offences found')
    order by lines.run_id desc
    limit 1
) as finished on true
-- An approval counts until a run that began after it has finished: for as long as runs work on it.
left join lateral (
    select
        approvals.approval_id,
        approvals.retention_months,
        approvals.cutoff,
        approvals.approved_at
    from approvals
    where
        approvals.environment_id = environments.environment_id
        and approvals.kind = kinds.kind
        and (finished.started_at is null or approvals.approved_at > finished.started_at)
    order by approvals.approval_id desc
    limit 1
) as approved on true
