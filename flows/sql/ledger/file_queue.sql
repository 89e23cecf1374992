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
