-- The ledger and the queue: ordinary tables, made where they are missing, never dropped.

-- Two runs that start at once on a new database would make the same table.
select pg_advisory_xact_lock(1380275269, -1);

create table if not exists {ledger}.runs (
    run_id          bigint generated always as identity primary key,
    as_of           timestamptz not null,
    paris_date      date        not null,
    is_scheduled    boolean     not null,
    dry_run         boolean     not null,
    is_approved     boolean     not null,
    environments    text[],                  -- null: all
    product_version text        not null,
    data_map_version text,                   -- SHA-256 of the data map; null until it was read
    rules_version   text,                    -- SHA-256 of the rules; null until they were read
    started_at      timestamptz not null default clock_timestamp(),
    finished_at     timestamptz,             -- null while it works
    outcome         text,
    offences        jsonb,
    residue         text,                    -- the level to which old row versions were removed; null: not, or not all
    previous_hash   text,                    -- of the run before; zeros for the first
    hash            text,                    -- SHA-256 of this row, its lines and previous_hash; null while it works
    checks          jsonb,                   -- what each test of the verification found
    said            jsonb,                   -- what is left and what it warned of, in sentences
    forecast        jsonb,                   -- what falls due on the 90 nights after it
    check ((finished_at is null) = (outcome is null))
);

-- The texts that runs name by their SHA-256: data maps and rules. One that was edited no longer has its name.
create table if not exists {ledger}.documents (
    sha256 text primary key,
    body   text not null
);

-- The number of the newest run, written with it. The identity's sequence would not do: a crash of the server moves it on.
create table if not exists {ledger}.newest_run (
    is_only boolean primary key default true check (is_only),
    run_id  bigint  not null
);

insert into {ledger}.newest_run (run_id) select coalesce(max(run_id), 0) from {ledger}.runs on conflict do nothing;

-- At most one scheduled run of a Paris day is recorded as complete (W1).
create unique index if not exists runs_one_scheduled_a_day
    on {ledger}.runs (paris_date) where is_scheduled and outcome = 'done';

-- What a person released from the brake, and when; never changed afterwards.
create table if not exists {ledger}.approvals (
    approval_id      bigint generated always as identity primary key,
    environment_id   text        not null,
    kind             text        not null,
    retention_months integer     not null,
    cutoff           timestamptz not null,   -- rows before it are released
    as_of            timestamptz not null,
    due              bigint      not null,   -- what was shown
    files_due        bigint      not null,
    oldest_due_at    timestamptz,
    newest_due_at    timestamptz,
    approved_at      timestamptz not null default clock_timestamp(),
    approved_by      text        not null default session_user
);

-- While a row is not resumed, no run acts, whoever starts it.
create table if not exists {ledger}.pauses (
    pause_id   bigint generated always as identity primary key,
    paused_at  timestamptz not null default clock_timestamp(),
    paused_by  text        not null default session_user,
    resumed_at timestamptz,
    resumed_by text
);

create unique index if not exists pauses_one_at_a_time on {ledger}.pauses ((true)) where resumed_at is null;

create table if not exists {ledger}.run_lines (
    run_id           bigint  not null references {ledger}.runs,
    environment_id   text    not null,
    kind             text    not null,
    lane             integer not null default 0,
    retention_months integer,
    cutoff           timestamptz,            -- null where the environment is misconfigured
    state            text    not null,
    due              bigint  not null default 0,
    anonymized       bigint  not null default 0,
    dependents       bigint  not null default 0,
    files_due        bigint  not null default 0,
    files_queued     bigint  not null default 0,
    files_purged     bigint  not null default 0,
    files_spared     bigint  not null default 0,
    files_failed     bigint  not null default 0,
    left_over        bigint,
    batches          bigint  not null default 0,
    seconds          double precision not null default 0,
    failure          text,
    held             text,                   -- why the brake holds rows back; null: it does not
    approval_id      bigint references {ledger}.approvals,
    oldest_due_at    timestamptz,            -- of what was due when the run began; the oldest goes first
    bytes_freed      bigint,                 -- of purged files, by the sizes that rows state; null where none does
    files_left       bigint,                 -- files that were still queued at the end; null for none
    files_failure    text,                   -- the store's error codes of those
    primary key (run_id, environment_id, kind, lane)
);

-- The last line of an environment's kind of row is looked up by the brake, however many nights there were.
create index if not exists run_lines_by_kind on {ledger}.run_lines (environment_id, kind, run_id);

-- No uniqueness on (bucket, object_key): every emptied row adds its own entry, or a file could be lost.
create table if not exists {ledger}.file_queue (
    file_id        bigint generated always as identity primary key,
    run_id         bigint      not null,
    environment_id text        not null,
    kind           text        not null,
    bucket         text        not null,
    object_key     text        not null,
    queued_at      timestamptz not null default now(),
    attempts       integer     not null default 0,
    failure        text,
    byte_size      bigint                    -- as the row stated it; null where it states none
);

-- Until when user_activity is known, and when it was last computed from all messages.
create table if not exists {ledger}.activity_state (
    is_only    boolean primary key default true check (is_only),
    swept_at   timestamptz not null,
    seen_until timestamptz not null,
    late_since timestamptz not null default '-infinity'
);

-- Which rows are done, for platforms whose own tables must not have a marker. A date, so that rows can't be linked by it.
create table if not exists {ledger}.done_rows (
    kind          text not null,
    row_key       text not null,
    anonymized_on date not null,
    primary key (kind, row_key)
);

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

-- What analysts may read of it, where the platform was prepared for them: counts. Not the queue, which holds object keys.
do $grants$
declare
    _table text;
begin
    for _table in
        select shared.relation
        from pg_roles
        cross join unnest(
            array['{ledger}.runs', '{ledger}.run_lines', '{ledger}.approvals', '{ledger}.pauses', '{ledger}.documents']
        ) as shared (relation)
        where rolname = 'retention_analyst' and not has_table_privilege(oid, shared.relation::regclass, 'select')
    loop
        execute format('grant select on %s to retention_analyst', _table);
    end loop;
end
$grants$;
