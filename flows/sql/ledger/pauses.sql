-- While a row is not resumed, no run acts, whoever starts it.
create table if not exists {ledger}.pauses (
    pause_id   bigint generated always as identity primary key,
    paused_at  timestamptz not null default clock_timestamp(),
    paused_by  text        not null default session_user,
    resumed_at timestamptz,
    resumed_by text
);

create unique index if not exists pauses_one_at_a_time on {ledger}.pauses ((true)) where resumed_at is null;
