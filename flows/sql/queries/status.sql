-- What `retention status` tells. Each statement under its name; {ledger} is RETENTION_SCHEMA.

-- name: environment_status
select environment_id::text as environment_id, retention_months, cutoff, problem, rows_due, files_due,
       -- greatest() passes over a null: what is not there would be of the year 1000.
       case when oldest_due_at is not null then greatest(oldest_due_at, '1000-01-01') end as oldest_due_at,
       case when oldest_due_at is not null then (extract(epoch from now() - greatest(oldest_due_at, '1000-01-01')) / 86400)::float8 end
           as oldest_due_days,
       rows_overdue, files_queued, files_stuck,
       last_run_id, last_finished_at, last_outcome, held, stuck_because
from {ledger}.environment_status
order by length(environment_id::text), environment_id::text

-- name: last_night
-- The last run over every environment that went through; a dry run, one that failed and one that died did not.
select count(*) > 0 as has_run, coalesce(max(finished_at) > now() - interval '26 hours', false) as is_recent,
       max(finished_at) as finished_at
from {ledger}.runs
where not dry_run and environments is null and outcome in ('done', 'partly done', 'held back', 'offences found')

-- name: last_offences
-- What the last run's verification listed, where it ended for that; also of environments that the platform does not have.
select run_id, offences
from (select * from {ledger}.runs where finished_at is not null and not dry_run order by run_id desc limit 1) as last
where outcome = 'offences found'

-- name: rows_without_rule
-- How many sorts of rows the last run's verification found that no rule reaches; nothing is counted anew here.
select (checks -> 'rows_without_rule' ->> 'offences')::bigint as sorts
from (select * from {ledger}.runs where finished_at is not null and not dry_run order by run_id desc limit 1) as last
where (checks -> 'rows_without_rule' ->> 'offences')::bigint > 0

-- name: missing_indexes
select statement from {ledger}.missing_indexes order by index_name
