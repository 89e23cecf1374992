with cutoffs as ({{ retention.environment_cutoffs(retention.present()) }}),

cutoffs_a_night_ago as ({{ retention.environment_cutoffs(retention.present() ~ " - interval '26 hours'") }}),

judged as ({{ retention.judged_rows('cutoffs') }}),

due as (
    select
        judged.environment_id,
        count(*) as rows_due,
        sum(judged.files) as files_due,
        min(judged.judged_at) as oldest_due_at,
        count(*) filter (
            where case
                when judged.is_late then judged.judged_at < {{ retention.present() }} - interval '26 hours'
                else judged.judged_at < earlier.cutoff
            end
        ) as rows_overdue
    from judged
    inner join cutoffs_a_night_ago as earlier on judged.environment_id = earlier.environment_id
    group by judged.environment_id
),

files as (
    select
        file.environment_id,
        {{ retention.stuck_because('file') }} as stuck_because
    from {{ source('ledger', 'file_queue') }} as file
),

queue as (
    select
        environment_id,
        count(*) as files_queued,
        count(stuck_because) as files_stuck,
        string_agg(distinct stuck_because, ', ') as stuck_because
    from files
    group by environment_id
),

last_runs as (
    select distinct on (line.environment_id)
        line.environment_id,
        run.run_id,
        run.finished_at,
        run.outcome,
        (
            select min(each_line.held)
            from {{ source('ledger', 'run_lines') }} as each_line
            where each_line.run_id = run.run_id and each_line.environment_id = line.environment_id and each_line.due > 0
        ) as held
    from {{ source('ledger', 'runs') }} as run
    inner join {{ source('ledger', 'run_lines') }} as line on run.run_id = line.run_id
    where run.finished_at is not null and not run.dry_run and line.kind = 'messages' and line.state <> 'purge only'
    order by line.environment_id asc, run.run_id desc
)

select
    cutoffs.environment_id,
    cutoffs.retention_months,
    cutoffs.cutoff,
    cutoffs.problem,
    coalesce(due.rows_due, 0) as rows_due,
    cast(coalesce(due.files_due, 0) as bigint) as files_due,
    due.oldest_due_at,
    coalesce(due.rows_overdue, 0) as rows_overdue,
    coalesce(queue.files_queued, 0) as files_queued,
    coalesce(queue.files_stuck, 0) as files_stuck,
    last_runs.run_id as last_run_id,
    last_runs.finished_at as last_finished_at,
    last_runs.outcome as last_outcome,
    last_runs.held,
    queue.stuck_because
from cutoffs
left join due on cutoffs.environment_id = due.environment_id
left join queue on cast(cutoffs.environment_id as text) = queue.environment_id
left join last_runs on cast(cutoffs.environment_id as text) = last_runs.environment_id
