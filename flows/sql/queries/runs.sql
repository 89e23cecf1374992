-- A run in the ledger: its beginning and its end. Each statement under its name; {ledger} is RETENTION_SCHEMA.

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

-- name: run
select run_id, as_of, paris_date, dry_run, started_at, finished_at, outcome, offences
from {ledger}.runs where run_id = %(run_id)s

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
