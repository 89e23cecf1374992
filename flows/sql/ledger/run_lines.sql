-- What a run did, by environment, kind of row and lane.
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
