-- What the ledger's hashes are made of. Each statement under its name; {ledger} is RETENTION_SCHEMA.

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
