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
