-- A run in the ledger: its beginning, its lines, its end. Each statement under its name; {ledger} is RETENTION_SCHEMA.

-- name: completed_by_schedule
select exists (
    select 1 from {ledger}.runs where is_scheduled and outcome = 'done' and paris_date = %(paris_date)s
) as is_complete

-- name: wait_for_last_batch
set local lock_timeout = '60s'

-- name: close_interrupted_runs
-- Called with the lock of all runs: whatever is open then belongs to a flow that died.
-- One that was sealed already was opened by another hand: it stays as it is, for `ledger verify` to find.
update {ledger}.runs set finished_at = clock_timestamp(), outcome = 'interrupted'
where finished_at is null and hash is null
returning run_id

-- name: start_run
with started as (
    insert into {ledger}.runs (as_of, paris_date, is_scheduled, dry_run, is_approved, environments, product_version)
    values (
        %(as_of)s, %(paris_date)s, %(is_scheduled)s, %(dry_run)s, %(is_approved)s, %(environments)s::text[],
        %(product_version)s
    )
    returning run_id
)

update {ledger}.newest_run set run_id = (select run_id from started)
returning run_id

-- name: note_documents
-- The texts that the run stands on, once each, and which they are.
with texts as (
    insert into {ledger}.documents (sha256, body)
    values (%(data_map_version)s, %(data_map)s), (%(rules_version)s, %(rules)s)
    on conflict do nothing
)

update {ledger}.runs set data_map_version = %(data_map_version)s, rules_version = %(rules_version)s
where run_id = %(run_id)s

-- name: open_lines
-- The work a run undertakes: batches act on open lines, up to their cutoff, and on nothing else. Where the brake holds
-- but a person released rows, the line is open up to what was released. Returns what only warns, read in the same look.
with verdicts as materialized (
    select * from {ledger}.brake_verdicts
    where %(environments)s::text[] is null or environment_id::text = any(%(environments)s::text[])
),

opened as (
    insert into {ledger}.run_lines (
        run_id, environment_id, kind, retention_months, cutoff, state, due, files_due, failure, held, approval_id,
        oldest_due_at, left_over
    )
    select
        %(run_id)s, environment_id::text, kind, retention_months,
        case when held is null or %(is_approved)s then cutoff else least(cutoff, released_before) end,
        case
            when problem is not null then 'misconfigured'
            when %(dry_run)s then 'previewed'
            when held is null or %(is_approved)s or released_before is not null then 'open'
            else 'held back'
        end,
        due, files_due, problem, case when not %(is_approved)s then held end, approval_id,
        case when oldest_due_at is not null then greatest(oldest_due_at, timestamptz '1000-01-01 00:00+00') end,
        -- No index leads to these: batches look for them only where the look saw some.
        case when kind = any(%(searched)s::text[]) and due = 0 and problem is null then 0 end
    from verdicts
)

select environment_id::text as environment_id, kind, due
from verdicts
where is_large and held is null and approval_id is null and not %(is_approved)s
order by length(environment_id::text), environment_id::text, kind

-- name: server_lanes
-- As many as the server lets one query use at once, which its owner fits to the machine.
select greatest(current_setting('max_parallel_workers_per_gather')::integer, 1) as lanes

-- name: open_lanes
-- The lines of the lanes after the first; what is due stands on the first one's.
insert into {ledger}.run_lines
    (run_id, environment_id, kind, lane, retention_months, cutoff, state, oldest_due_at, held, approval_id)
select run_id, environment_id, kind, other.lane, retention_months, cutoff, state, oldest_due_at, held, approval_id
from {ledger}.run_lines
cross join generate_series(1, %(lanes)s - 1) as other (lane)
where run_id = %(run_id)s and kind = 'messages' and state = 'open' and due > 0

-- name: run
select run_id, as_of, paris_date, dry_run, started_at, finished_at, outcome, offences
from {ledger}.runs where run_id = %(run_id)s

-- name: lines
select environment_id, kind, retention_months, cutoff, max(state) as state,
       sum(due)::bigint as due, sum(anonymized)::bigint as anonymized, sum(dependents)::bigint as dependents,
       sum(files_due)::bigint as files_due, sum(files_queued)::bigint as files_queued,
       sum(files_purged)::bigint as files_purged, sum(files_spared)::bigint as files_spared,
       sum(files_failed)::bigint as files_failed,
       case when not bool_or(state = 'open' and left_over is null) then sum(left_over)::bigint end as left_over,
       max(failure) as failure, max(held) as held
from {ledger}.run_lines where run_id = %(run_id)s
group by environment_id, kind, retention_months, cutoff
order by length(environment_id), environment_id, kind

-- name: progress
select coalesce(sum(due), 0)::bigint as due, coalesce(sum(anonymized), 0)::bigint as anonymized,
       coalesce(sum(files_purged + files_spared), 0)::bigint as files_purged
from {ledger}.run_lines where run_id = %(run_id)s

-- name: finish_run
update {ledger}.runs
set finished_at = clock_timestamp(), outcome = %(outcome)s, offences = %(offences)s, checks = %(checks)s,
    said = %(said)s, forecast = %(forecast)s
where run_id = %(run_id)s and finished_at is null

-- name: seconds_of_run
select extract(epoch from clock_timestamp() - started_at)::float8 as seconds from {ledger}.runs where run_id = %(run_id)s

-- name: rows_ahead
-- What falls due on each of the nights after a run, supposing that every night runs; the first has what is due already.
-- Apart from the files, which cost far more: they are looked up, rows are counted in indexes.
select ahead.night, sum(ahead.rows_due)::bigint as rows
from {ledger}.nights_ahead as ahead
inner join {ledger}.runs as run on run.run_id = %(run_id)s
where run.environments is null or ahead.environment_id::text = any(run.environments)
group by ahead.night
order by ahead.night

-- name: files_ahead
select ahead.night, sum(ahead.files_due)::bigint as files
from {ledger}.nights_ahead as ahead
inner join {ledger}.runs as run on run.run_id = %(run_id)s
where run.environments is null or ahead.environment_id::text = any(run.environments)
group by ahead.night

-- name: keep_run_open
-- A row until the transaction ends, or none where the run is closed.
select run_id from {ledger}.runs where run_id = %(run_id)s and finished_at is null for share
