-- What stops a run: a person, the brake, a configuration that does not fit. Each statement under its name; {ledger} is RETENTION_SCHEMA.

-- name: pause
insert into {ledger}.pauses default values on conflict do nothing

-- name: resume
update {ledger}.pauses set resumed_at = clock_timestamp(), resumed_by = session_user where resumed_at is null

-- name: paused
select paused_at, paused_by from {ledger}.pauses where resumed_at is null

-- name: verdicts
-- An instant without a beginning, or before Christ, is due like any other and can't be read: it is shown as the year 1000.
select environment_id::text as environment_id, kind, retention_months, cutoff, %(as_of)s::timestamptz as as_of, due, files_due,
       case when due > 0 then greatest(oldest_due_at, '1000-01-01') end as oldest_due_at,
       case when due > 0 then greatest(newest_due_at, '1000-01-01') end as newest_due_at,
       problem, held, rule
from {ledger}.brake_verdicts
where environment_id::text = %(environment_id)s
order by kind

-- name: approve
insert into {ledger}.approvals
    (environment_id, kind, retention_months, cutoff, as_of, due, files_due, oldest_due_at, newest_due_at)
values
    (%(environment_id)s, %(kind)s, %(retention_months)s, %(cutoff)s, %(as_of)s, %(due)s, %(files_due)s, %(oldest_due_at)s,
    %(newest_due_at)s)

-- name: missing_columns
select table_name, column_name, reason from {ledger}.missing_columns order by table_name, column_name limit 20

-- name: undeclared_columns
select table_name, column_name, reason from {ledger}.undeclared_columns order by table_name, column_name limit 20

-- name: mistyped_columns
select table_name, column_name, reason from {ledger}.mistyped_columns order by table_name, column_name limit 20

-- name: unknown_configured
select seeded.seed, seeded.environment_id
from (
    select 'retention_periods' as seed, environment_id from {ledger}.retention_periods
    union all
    select 'feed_environments', environment_id from {ledger}.feed_environments
) as seeded
where not exists (
    select 1 from {ledger}.platform_environments as environment
    where environment.environment_id::text = seeded.environment_id
)
order by 1, 2 limit 20
