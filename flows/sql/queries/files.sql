-- The queue of files. Each statement under its name; {ledger} is RETENTION_SCHEMA.

-- name: queued_files
-- What a run's purge is to work off: files of its environments, past the delay. In seconds.
select count(*) as files
from {ledger}.file_queue
where
    queued_at <= now() - make_interval(secs => %(purge_delay)s)
    and (%(environments)s::text[] is null or environment_id = any(%(environments)s::text[]))

-- name: claim_files
-- Held until the transaction ends; a crash releases the claim by itself, another worker passes over it.
select file_id, environment_id, kind, bucket, object_key, byte_size
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
select distinct file_id from {ledger}.named_files where file_id = any(%(file_ids)s)

-- name: forget_files
delete from {ledger}.file_queue where file_id = any(%(file_ids)s)

-- name: keep_failed_files
update {ledger}.file_queue as queued
set attempts = queued.attempts + 1, failure = failed.reason
from unnest(%(file_ids)s::bigint[], %(reasons)s::text[]) as failed (file_id, reason)
where queued.file_id = failed.file_id

-- name: count_purge
-- In one order, whoever counts: two workers never wait for each other in a circle.
insert into {ledger}.run_lines as line
    (run_id, environment_id, kind, state, files_purged, files_spared, files_failed, bytes_freed)
select %(run_id)s, environment_id, kind, 'purge only', purged, spared, failed, bytes_freed
from unnest(
    %(environment_ids)s::text[], %(kinds)s::text[],
    %(purged)s::bigint[], %(spared)s::bigint[], %(failed)s::bigint[], %(bytes_freed)s::bigint[]
) as claimed (environment_id, kind, purged, spared, failed, bytes_freed)
order by environment_id, kind
on conflict (run_id, environment_id, kind, lane) do update set
    files_purged = line.files_purged + excluded.files_purged,
    files_spared = line.files_spared + excluded.files_spared,
    files_failed = line.files_failed + excluded.files_failed,
    bytes_freed = coalesce(line.bytes_freed + excluded.bytes_freed, line.bytes_freed, excluded.bytes_freed)

-- name: note_files_left
-- By environment and kind what the run leaves in the queue, and why the store refused it.
insert into {ledger}.run_lines as line (run_id, environment_id, kind, state, files_left, files_failure)
select %(run_id)s, environment_id, kind, 'purge only', count(*), string_agg(distinct failure, ', ')
from {ledger}.file_queue
where %(environments)s::text[] is null or environment_id = any(%(environments)s::text[])
group by environment_id, kind
on conflict (run_id, environment_id, kind, lane) do update set
    files_left = excluded.files_left, files_failure = excluded.files_failure

-- name: own_session
select pg_backend_pid() as pid

-- name: end_sessions
select pg_terminate_backend(pid) as is_ended from pg_stat_activity
where pid = any(%(pids)s::int[]) and application_name = 'retention' and datname = current_database()
