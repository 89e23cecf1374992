-- Until when user_activity is known, and when it was last computed from all messages.
create table if not exists {ledger}.activity_state (
    is_only    boolean primary key default true check (is_only),
    swept_at   timestamptz not null,
    seen_until timestamptz not null,
    late_since timestamptz not null default '-infinity'
);
