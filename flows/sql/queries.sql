-- The flow's own statements, each under its name. {ledger} is RETENTION_SCHEMA. Parameters are named.

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

-- name: completed_by_schedule
select exists (
    select 1 from {ledger}.runs where is_scheduled and outcome = 'done' and paris_date = %(paris_date)s
) as is_complete

-- name: clocks
select clock_timestamp() as database_now, max(greatest(started_at, finished_at)) as last_run_at from {ledger}.runs

-- name: pause
insert into {ledger}.pauses default values on conflict do nothing

-- name: resume
update {ledger}.pauses set resumed_at = clock_timestamp(), resumed_by = session_user where resumed_at is null

-- name: paused
select paused_at, paused_by from {ledger}.pauses where resumed_at is null

-- name: verdicts
-- An instant without a beginning, or before Christ, is due like any other and can't be read: it is shown as the year 1000.
select environment_id::text as environment_id, kind, retention_months, cutoff, %(as_of)s::timestamptz as as_of, due, files_due,
       greatest(oldest_due_at, '1000-01-01') as oldest_due_at, greatest(newest_due_at, '1000-01-01') as newest_due_at,
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

-- name: finish_run
update {ledger}.runs
set finished_at = clock_timestamp(), outcome = %(outcome)s, offences = %(offences)s
where run_id = %(run_id)s and finished_at is null

-- name: note_data_map
update {ledger}.runs set data_map_version = %(data_map_version)s where run_id = %(run_id)s

-- name: finished_runs
select run_id, previous_hash, hash from {ledger}.runs where finished_at is not null order by run_id

-- name: reopened_runs
select run_id from {ledger}.runs where finished_at is null and hash is not null order by run_id

-- name: sealed_run
select * from {ledger}.runs where run_id = %(run_id)s

-- name: sealed_lines
select * from {ledger}.run_lines where run_id = %(run_id)s
order by environment_id collate "C", kind collate "C", lane

-- name: sealed_approvals
-- What a person released and the run worked on; in the run's hash, so that it can't be written afterwards.
select * from {ledger}.approvals
where approval_id in (select approval_id from {ledger}.run_lines where run_id = %(run_id)s)
order by approval_id

-- name: hash_before
select hash from {ledger}.runs where run_id < %(run_id)s and finished_at is not null order by run_id desc limit 1

-- name: seal_run
update {ledger}.runs set previous_hash = %(previous_hash)s, hash = %(hash)s where run_id = %(run_id)s

-- name: newest_run_given
-- The number that the newest run got, also when its row is gone.
select (select max(run_id) from {ledger}.newest_run)         as given,
       coalesce((select max(run_id) from {ledger}.runs), 0)  as stored

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

-- name: unknown_environments
select asked.environment_id
from unnest(%(environments)s::text[]) as asked (environment_id)
where not exists (
    select 1 from {ledger}.platform_environments as environment
    where environment.environment_id::text = asked.environment_id
)
order by 1

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
        greatest(oldest_due_at, timestamptz '1000-01-01 00:00+00'),
        -- No index leads to these: batches look for them only where the look saw some.
        case when kind in ('attachments', 'users') and due = 0 and problem is null then 0 end
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
insert into {ledger}.run_lines (run_id, environment_id, kind, lane, retention_months, cutoff, state, oldest_due_at)
select run_id, environment_id, kind, other.lane, retention_months, cutoff, state, oldest_due_at
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

-- name: queued_files
-- What a run's purge is to work off: files of its environments, past the delay. In seconds.
select count(*) as files
from {ledger}.file_queue
where
    queued_at <= now() - make_interval(secs => %(purge_delay)s)
    and (%(environments)s::text[] is null or environment_id = any(%(environments)s::text[]))

-- name: claim_files
-- Held until the transaction ends; a crash releases the claim by itself, another worker passes over it.
select file_id, environment_id, kind, bucket, object_key
from {ledger}.file_queue
where
    file_id > %(after)s
    and queued_at <= now() - make_interval(secs => %(purge_delay)s)
    and (%(environments)s::text[] is null or environment_id = any(%(environments)s::text[]))
order by file_id
limit %(limit)s
for update skip locked

-- name: referenced_files
-- Claimed files that a row of the platform still names; that row's own batch will queue them again.
select queued.file_id
from {ledger}.file_queue as queued
where
    queued.file_id = any(%(file_ids)s)
    and exists (
        select 1 from {ledger}.file_references as reference
        where reference.bucket = queued.bucket and reference.object_key = queued.object_key
    )

-- name: forget_files
delete from {ledger}.file_queue where file_id = any(%(file_ids)s)

-- name: keep_failed_files
update {ledger}.file_queue as queued
set attempts = queued.attempts + 1, failure = failed.reason
from unnest(%(file_ids)s::bigint[], %(reasons)s::text[]) as failed (file_id, reason)
where queued.file_id = failed.file_id

-- name: count_purge
insert into {ledger}.run_lines as line
    (run_id, environment_id, kind, state, files_purged, files_spared, files_failed)
values (%(run_id)s, %(environment_id)s, %(kind)s, 'purge only', %(purged)s, %(spared)s, %(failed)s)
on conflict (run_id, environment_id, kind, lane) do update set
    files_purged = line.files_purged + excluded.files_purged,
    files_spared = line.files_spared + excluded.files_spared,
    files_failed = line.files_failed + excluded.files_failed

-- name: environment_status
select environment_id::text as environment_id, retention_months, cutoff, problem, rows_due, files_due,
       greatest(oldest_due_at, '1000-01-01') as oldest_due_at,
       (extract(epoch from now() - greatest(oldest_due_at, '1000-01-01')) / 86400)::float8 as oldest_due_days, rows_overdue, files_queued, files_stuck,
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

-- name: is_prepared
select to_regclass(%(view)s) is not null as is_prepared

-- name: changed_tables
-- What runs changed since the last one that reached one of the levels: tables of the data map, and our own. Also what a
-- run changed that died: a batch counts itself in its own transaction.
with changes as (
    select kind, sum(anonymized) as own, sum(dependents) as dependents, sum(files_purged + files_spared) as files
    from {ledger}.run_lines
    where run_id > coalesce((select max(run_id) from {ledger}.runs where residue = any(%(levels)s)), 0)
    group by kind
)
select maintained.table_schema, maintained.table_name
from {ledger}.maintained_tables as maintained
inner join changes on maintained.kind = changes.kind
group by maintained.table_schema, maintained.table_name
having sum(case when maintained.is_dependent then changes.dependents else changes.own end) > 0
union
select namespace.nspname, class.relname
from pg_class as class
inner join pg_namespace as namespace on class.relnamespace = namespace.oid
where
    (class.oid = '{ledger}.file_queue'::regclass and (select sum(files) from changes) > 0)
    or (class.oid = '{ledger}.run_lines'::regclass and (select sum(own) from changes) > 0)
order by 1, 2

-- name: configured_residue
select max(residue) as residue from {ledger}.maintained_tables

-- name: note_residue
update {ledger}.runs set residue = %(residue)s where run_id = %(run_id)s

-- name: limit_waits
-- For this session. What waits for a table's lock makes every writer that comes later wait behind it.
select set_config('lock_timeout', %(lock_timeout)s, false), set_config('statement_timeout', '0', false)

-- name: reset_waits
reset all

-- name: begin_maintenance
-- What transactions older than this one changed is to go; from 17 on the right to do so can be granted.
select pg_current_xact_id()::xid::text as newest, clock_timestamp() as began, current_user as role,
       current_setting('server_version_num')::integer >= 170000 as can_be_granted

-- name: analyze_table
analyze {table}

-- name: vacuum_table
-- Index entries go too, however few; the end of the file is not cut off, which would lock out readers of a replica.
vacuum (index_cleanup on, truncate off) {table}

-- name: rewrite_table
vacuum (full) {table}

-- name: checkpoint
checkpoint

-- name: remains
-- What PostgreSQL says of each table, with its partitions and what is stored out of line: whether the work was done since,
-- how many old row versions are left, and the files that hold it.
with asked as (
    select relation.table_schema, relation.table_name, class.oid
    from unnest(%(schemas)s::text[], %(names)s::text[]) as relation (table_schema, table_name)
    inner join pg_namespace as namespace on relation.table_schema = namespace.nspname
    inner join pg_class as class on namespace.oid = class.relnamespace and relation.table_name = class.relname
),

parts as (
    select asked.table_schema, asked.table_name, class.oid, class.reltoastrelid
    from asked
    left join lateral pg_partition_tree(asked.oid) as part on part.isleaf
    inner join pg_class as class on class.oid = coalesce(part.relid, asked.oid)
)

select
    parts.table_schema,
    parts.table_name,
    bool_and(coalesce(stat.last_analyze >= %(began)s, false)) as is_analyzed,
    bool_and(coalesce(stat.last_vacuum >= %(began)s, false)) as is_vacuumed,
    coalesce(sum(stat.n_dead_tup + coalesce(toast.n_dead_tup, 0)), 0)::bigint                   as dead,
    array_agg(pg_relation_filenode(parts.oid) order by parts.oid)                              as files
from parts
left join pg_stat_all_tables as stat on parts.oid = stat.relid
left join pg_stat_all_tables as toast on parts.reltoastrelid = toast.relid
group by parts.table_schema, parts.table_name
order by 1, 2

-- name: holders
-- What keeps the server from removing what older transactions changed, the rows of catalogs included where asked. Another
-- VACUUM's own snapshot does not.
select
    case when backend_type = 'walsender' then 'the replica served by pid' else 'the session with pid' end as holder,
    pid::text as name, floor(extract(epoch from clock_timestamp() - xact_start) / 60)::integer as minutes
from pg_stat_activity as session
where
    pid <> pg_backend_pid()
    and (datid is null or datname = current_database())
    and greatest(age(backend_xid), age(backend_xmin)) > age(%(newest)s::xid)
    and not exists (select 1 from pg_stat_progress_vacuum as vacuum where vacuum.pid = session.pid)
union all
select 'the replication slot', slot_name, null
from pg_replication_slots
where greatest(age(xmin), case when %(with_catalogs)s then age(catalog_xmin) end) > age(%(newest)s::xid)
union all
select 'the prepared transaction', transaction::text,
       floor(extract(epoch from clock_timestamp() - prepared) / 60)::integer
from pg_prepared_xacts
where database = current_database() and age(transaction) > age(%(newest)s::xid)
order by 1, 2
