{#- Not from due_cutoffs: hypothetical periods, and a cutoff for each day. -#}
{%- set _midnight = "((as_of.paris_day + ahead.days)::timestamp at time zone 'Europe/Paris')" -%}
with environments as ({{ retention.environment_cutoffs(retention.as_of()) }}),

as_of as (
    select cast({{ retention.as_of() }} at time zone 'Europe/Paris' as date) as paris_day
),

days as (
    select
        environments.environment_id,
        ahead.days,
        as_of.paris_day + ahead.days as day, -- noqa: RF04
        {{ retention.cutoff(_midnight, retention.months_in_question()) }} as cutoff
    from environments
    cross join as_of
    cross join generate_series(0, 400) as ahead (days)
    where {{ retention.months_in_question() }} is not null
),

-- A cutoff never moves back as days go by (P3), so the place of an instant among them is its day.
horizons as (
    select
        environment_id,
        max(cutoff) as cutoff,
        array_agg(cutoff order by days) as cutoffs
    from days
    group by environment_id
),

judged as ({{ retention.judged_rows('horizons') }}),

falling as (
    select
        judged.environment_id,
        judged.kind,
        judged.row_id,
        judged.files,
        case when judged.is_late then 0 else width_bucket(judged.judged_at, horizons.cutoffs) end as days
    from judged
    inner join horizons on judged.environment_id = horizons.environment_id
),

-- A person who falls due takes the identifier out of such rows of any age (S3): on a later day they are due no more.
counted as (
    select
        falling.environment_id,
        falling.days,
        falling.files,
        coalesce(persons.days < falling.days, false) as goes_with_person
    from falling
    left join {{ ref('persons_of_rows') }} as links
        on falling.kind = links.kind and falling.row_id = links.row_id
    left join falling as persons on links.person_kind = persons.kind and links.person_id = persons.row_id
),

by_day as (
    select
        environment_id,
        days,
        count(*) filter (where not goes_with_person) as rows_due,
        sum(files) as files_due,
        count(*) as rows_alone
    from counted
    group by environment_id, days
)

select
    days.environment_id,
    days.day,
    days.cutoff,
    coalesce(by_day.rows_due, 0) as rows_due,
    cast(coalesce(by_day.files_due, 0) as bigint) as files_due,
    cast(coalesce(sum(by_day.rows_alone) over so_far, 0) as bigint) as rows_due_by_then,
    cast(coalesce(sum(by_day.files_due) over so_far, 0) as bigint) as files_due_by_then
from days
left join by_day on days.environment_id = by_day.environment_id and days.days = by_day.days
window so_far as (partition by days.environment_id order by days.days)
