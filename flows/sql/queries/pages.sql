-- What a run's report shows. Each statement under its name; {ledger} is RETENTION_SCHEMA.

-- name: page_run
-- A finished run, the newest one where none is named, with the texts that it stood on.
select run.*, current_database() as database_name, data_map.body as data_map, rules.body as rules
from {ledger}.runs as run
left join {ledger}.documents as data_map on run.data_map_version = data_map.sha256
left join {ledger}.documents as rules on run.rules_version = rules.sha256
where
    run.finished_at is not null
    and run.run_id = coalesce(
        %(run_id)s::bigint, (select max(newest.run_id) from {ledger}.runs as newest where newest.finished_at is not null)
    )

-- name: page_lines
-- Lanes summed. One line of an environment's kind of row is worked by several, of which each states what it left.
select environment_id, kind, max(retention_months) as retention_months, max(cutoff) as cutoff, max(state) as state,
       sum(due)::bigint as due, sum(anonymized)::bigint as anonymized, sum(files_due)::bigint as files_due,
       sum(files_purged)::bigint as files_purged, sum(files_spared)::bigint as files_spared,
       sum(bytes_freed)::bigint as bytes_freed, sum(files_left)::bigint as files_left,
       case when not bool_or(state = 'open' and left_over is null) then sum(left_over)::bigint end as left_over,
       max(failure) as failure, max(files_failure) as files_failure, max(held) as held
from {ledger}.run_lines
where run_id = %(run_id)s
group by environment_id, kind
order by length(environment_id), environment_id, kind

-- name: page_nights
-- One row a day up to the run's own; nulls where no run worked. How long the oldest due row had been due when the night's
-- run began: since its cutoff passed it or, of what came late, since it came. In days, whole ones.
with this as (
    select paris_date from {ledger}.runs where run_id = %(run_id)s
),

worked as (
    select
        run.paris_date,
        count(distinct run.run_id)                                    as runs,
        (array_agg(run.outcome order by run.run_id desc))[1]          as outcome,
        sum(line.anonymized)::bigint                                  as anonymized,
        sum(line.files_purged)::bigint                                as files_purged,
        sum(line.bytes_freed)::bigint                                 as bytes_freed,
        bool_or(line.due > 0 and line.oldest_due_at is null)          as is_age_unknown,
        max(case when line.due > 0 then floor(extract(epoch from
            case when line.kind = 'attachments' then run.as_of else line.cutoff end - line.oldest_due_at
        ) / 86400) end)::bigint                                       as oldest_due_days
    from {ledger}.runs as run
    cross join this
    left join {ledger}.run_lines as line on run.run_id = line.run_id
    where
        run.finished_at is not null and run.run_id <= %(run_id)s and (not run.dry_run or run.run_id = %(run_id)s)
        and run.paris_date > this.paris_date - %(nights)s and run.paris_date <= this.paris_date
    group by run.paris_date
)

select
    days.day::date                                                    as day,
    worked.runs,
    worked.outcome,
    worked.anonymized,
    worked.files_purged,
    worked.bytes_freed,
    case
        when worked.runs > 0 and not coalesce(worked.is_age_unknown, false) then coalesce(worked.oldest_due_days, 0)
    end                                                               as oldest_due_days
from this
cross join generate_series(this.paris_date - %(nights)s + 1, this.paris_date, interval '1 day') as days (day)
left join worked on worked.paris_date = days.day::date
order by days.day

-- name: newest_runs
-- Left are rows held back or left over; null where none could be counted, as of a dry run. Who holds a run's lock works.
with newest as (
    select * from {ledger}.runs order by run_id desc limit %(last)s
),

lines as (
    select
        line.run_id,
        sum(line.due)::bigint                                                          as rows_due,
        sum(line.files_due)::bigint                                                    as files_due,
        sum(line.anonymized)::bigint                                                   as anonymized,
        sum(line.files_purged)::bigint                                                 as files_purged,
        sum(line.files_left)::bigint                                                   as files_left,
        bool_or(line.state = 'open' and line.left_over is null)                        as is_left_unknown,
        sum(case line.state when 'held back' then line.due else line.left_over end)::bigint as rows_left
    from {ledger}.run_lines as line
    inner join newest on line.run_id = newest.run_id
    group by line.run_id
)

select
    run.run_id,
    run.paris_date                                                                     as night,
    run.as_of,
    run.started_at,
    run.finished_at,
    case
        when run.outcome is not null then run.outcome
        when exists (
            select 1 from pg_locks as lock
            where
                lock.locktype = 'advisory' and lock.classid = %(namespace)s and lock.objsubid = 2 and lock.granted
                and lock.objid = run.run_id::integer::oid
                and lock.database = (select oid from pg_database where datname = current_database())
        ) then 'at work'
        else 'interrupted'
    end                                                                                as outcome,
    run.is_scheduled,
    run.dry_run,
    run.environments,
    coalesce(lines.rows_due, 0)                                                        as rows_due,
    coalesce(lines.files_due, 0)                                                       as files_due,
    coalesce(lines.anonymized, 0)                                                      as anonymized,
    coalesce(lines.files_purged, 0)                                                    as files_purged,
    case when not run.dry_run and lines.is_left_unknown is not true then coalesce(lines.rows_left, 0) end as rows_left,
    case when not run.dry_run then coalesce(lines.files_left, 0) end                   as files_left
from newest as run
left join lines on run.run_id = lines.run_id
order by run.run_id desc
