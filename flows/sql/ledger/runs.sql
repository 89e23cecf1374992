-- The ledger and the queue are ordinary tables, made where they are missing, never dropped. Of each run its row; its lines
-- are in run_lines.sql.

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
