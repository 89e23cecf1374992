-- Sessions, locks and clocks. Each statement under its name; {ledger} is RETENTION_SCHEMA.

-- name: state_of_server
select
    pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as is_read_only,
    current_setting('server_version_num')::integer                          as version,
    has_database_privilege(current_database(), 'create')                     as may_create_schema,
    to_regnamespace(%(ledger_name)s) is not null                             as has_schema

-- name: lock_runs
-- One run at a time per database; held by the session, so a dead flow frees it.
select pg_advisory_lock(%(namespace)s, 0)

-- name: holder_of_runs
-- Who has the lock of all runs: anybody who can log in may take it. Empty where it was freed meanwhile.
select coalesce(
    max(format(', or its lock held: by the session with pid %%s of the role %%s', session.pid, session.usename)), ''
) as holder
from pg_locks as lock
inner join pg_stat_activity as session on lock.pid = session.pid
where
    lock.locktype = 'advisory' and lock.classid = %(namespace)s and lock.objid = 0 and lock.objsubid = 2 and lock.granted
    and lock.database = (select oid from pg_database where datname = current_database())

-- name: wait_for_dead_session
-- As long as the server may take to notice that a flow's process is gone.
set local lock_timeout = '3s'

-- name: lock_run
-- What every batch looks for before it acts.
select pg_try_advisory_lock(%(namespace)s, %(run_id)s::integer) as is_mine

-- name: unlock
select pg_advisory_unlock_all()

-- name: fix_as_of
-- An instant without a zone is Paris time: the session's zone is Europe/Paris.
select
    coalesce(%(as_of)s::timestamptz, now())                                          as as_of,
    (coalesce(%(as_of)s::timestamptz, now()) at time zone 'Europe/Paris')::date      as paris_date,
    coalesce(%(as_of)s::timestamptz > clock_timestamp(), false)                      as is_future

-- name: clocks
select clock_timestamp() as database_now, max(greatest(started_at, finished_at)) as last_run_at from {ledger}.runs

-- name: limit_waits
-- For this session. What waits for a table's lock makes every writer that comes later wait behind it.
select set_config('lock_timeout', %(lock_timeout)s, false), set_config('statement_timeout', '0', false)

-- name: reset_waits
reset all

-- name: is_prepared
select to_regclass(%(view)s) is not null as is_prepared
