-- When each living user was last active, remembered from night to night, so that who falls due is looked up and not sought
-- among all. Only ever a choice of whom to judge: the rule is read on the platform's own rows. {ledger} is RETENTION_SCHEMA.

-- name: activity_state
-- Swept: computed from all messages. Weekly, since a message that the platform deletes leaves no trace here, and after a night
-- whose verification found rows overdue.
select
    state.swept_at is not null as is_kept,
    state.swept_at is null or to_regclass(%(table)s) is null or state.swept_at < now() - interval '7 days' or coalesce(
        (
            select run.offences ? 'overdue_rows' from {ledger}.runs as run
            where run.finished_at is not null and not run.dry_run
            order by run.run_id desc limit 1
        ), false
    ) as is_due,
    (
        select count(*) >= %(fewest)s from (
            select 1 from {ledger}.platform_users where anonymized_on is null limit %(fewest)s
        ) as living
    ) as is_worth_it
from (values (true)) as always (is_only)
left join {ledger}.activity_state as state on state.is_only = always.is_only

-- name: make_activity
-- Of the platform's own types, so that its keys are looked up by their index.
create table if not exists {ledger}.user_activity as
select user_id, environment_id, created_at as last_active_at from {ledger}.platform_users with no data

-- name: key_activity
create unique index if not exists user_activity_key on {ledger}.user_activity (user_id)

-- name: index_activity
create index if not exists user_activity_oldest on {ledger}.user_activity (environment_id, last_active_at)

-- name: forget_activity
truncate {ledger}.user_activity

-- name: sweep_activity
insert into {ledger}.user_activity (user_id, environment_id, last_active_at)
select
    writer.user_id, writer.environment_id,
    coalesce(greatest(writer.last_message_at, written.last_message_at), writer.created_at, '-infinity')
from {ledger}.platform_users as writer
left join (
    select user_id, max(created_at) as last_message_at from {ledger}.platform_messages where user_id is not null group by user_id
) as written on writer.user_id = written.user_id
where writer.anonymized_on is null and writer.environment_id is not null
on conflict (user_id) do nothing

-- name: add_users
-- An hour of overlap, for what was committed late.
insert into {ledger}.user_activity (user_id, environment_id, last_active_at)
select
    writer.user_id, writer.environment_id,
    coalesce(
        greatest(
            writer.last_message_at,
            (select max(created_at) from {ledger}.platform_messages as written where written.user_id = writer.user_id)
        ), writer.created_at, '-infinity'
    )
from {ledger}.platform_environments as environment
cross join lateral (
    select * from {ledger}.platform_users as living
    where
        living.environment_id = environment.environment_id and living.anonymized_on is null
        and living.created_at >= (select seen_until - interval '1 hour' from {ledger}.activity_state)
    offset 0
) as writer
on conflict (user_id) do nothing

-- name: renew_activity
update {ledger}.user_activity as active set last_active_at = recent.last_message_at
from (
    select written.user_id, max(written.created_at) as last_message_at
    from {ledger}.platform_environments as environment
    cross join lateral (
        select * from {ledger}.platform_messages as living
        where
            living.environment_id = environment.environment_id and living.anonymized_on is null
            and living.created_at >= (select seen_until - interval '1 hour' from {ledger}.activity_state)
        offset 0
    ) as written
    group by written.user_id
) as recent
where active.user_id = recent.user_id and active.last_active_at < recent.last_message_at

-- name: note_sweep
insert into {ledger}.activity_state (swept_at, seen_until) values (now(), now())
on conflict (is_only) do update set swept_at = excluded.swept_at, seen_until = excluded.seen_until

-- name: note_renewal
update {ledger}.activity_state set seen_until = now()

-- name: note_late
-- What came to its owner after the owner was anonymized came since the last night, if all was done since. Else, and when all
-- is swept, it is sought among all.
update {ledger}.activity_state set late_since = case
    when %(is_sweep)s then '-infinity'
    else coalesce(
        (
            select case
                when bool_and(run.outcome is not distinct from 'done') then max(night.started_at) - interval '1 day'
            end
            from (
                select run_id, started_at from {ledger}.runs
                where not dry_run and environments is null and outcome = 'done'
                order by run_id desc limit 1
            ) as night
            inner join {ledger}.runs as run on run.run_id >= night.run_id and run.finished_at is not null and not run.dry_run
        ), '-infinity'
    )
end

-- name: analyze_activity
analyze {ledger}.user_activity
