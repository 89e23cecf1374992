-- A ledger made by an earlier version; looked up first, since even a change that changes nothing waits for readers.
do $upgrade$
begin
    if not exists (
        select 1 from pg_attribute where attrelid = '{ledger}.run_lines'::regclass and attname = 'held'
    ) then
        alter table {ledger}.runs add column residue text;
        alter table {ledger}.run_lines add column held text;
        alter table {ledger}.run_lines add column approval_id bigint references {ledger}.approvals;
    end if;
    if not exists (
        select 1 from pg_attribute where attrelid = '{ledger}.run_lines'::regclass and attname = 'oldest_due_at'
    ) then
        alter table {ledger}.run_lines add column oldest_due_at timestamptz;
    end if;
    -- Null in rows of before, and so left out of what their hashes were made of: a default would break the chain.
    if not exists (
        select 1 from pg_attribute where attrelid = '{ledger}.run_lines'::regclass and attname = 'bytes_freed'
    ) then
        alter table {ledger}.runs
            add column rules_version text, add column checks jsonb, add column said jsonb, add column forecast jsonb;
        alter table {ledger}.run_lines
            add column bytes_freed bigint, add column files_left bigint, add column files_failure text;
        alter table {ledger}.file_queue add column byte_size bigint;
    end if;
    -- Object keys are personal data, and the planner must not sample them: ANALYZE of a queue that is empty again would
    -- leave the samples where they are. What was sampled goes with one empty entry.
    if not exists (
        select 1 from pg_attribute
        where attrelid = '{ledger}.file_queue'::regclass and attname = 'object_key' and attstattarget = 0
    ) and not exists (select 1 from {ledger}.file_queue) then
        insert into {ledger}.file_queue (file_id, run_id, environment_id, kind, bucket, object_key)
        overriding system value values (0, 0, '', '', '', '');
        analyze {ledger}.file_queue;
        delete from {ledger}.file_queue where file_id = 0;
        alter table {ledger}.file_queue alter column object_key set statistics 0;
    end if;
end
$upgrade$;
