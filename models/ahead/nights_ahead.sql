{#- As far as a report shows and no further. Files are computed for a query that asks for them, and for no other. -#}
{%- set _midnight = "((as_of.paris_day + ahead.night)::timestamp at time zone 'Europe/Paris')" -%}
with environments as ({{ retention.environment_cutoffs(retention.as_of()) }}),

as_of as (
    select cast({{ retention.as_of() }} at time zone 'Europe/Paris' as date) as paris_day
),

-- Night 0 is as_of's own: what is due by then.
nights as (
    select
        environments.environment_id,
        ahead.night,
        {{ retention.cutoff(_midnight, 'environments.retention_months') }} as cutoff
    from environments
    cross join as_of
    cross join generate_series(0, 90) as ahead (night)
    where environments.retention_months is not null
),

-- A cutoff never moves back as days go by (P3), so the place of an instant among them is its night.
horizons as (
    select
        environment_id,
        max(cutoff) as cutoff,
        array_agg(cutoff order by night) as cutoffs
    from nights
    group by environment_id
),

judged as ({{ retention.judged_rows('horizons') }}),

falling as (
    select
        judged.environment_id,
        judged.files,
        case
            when judged.is_late then 1 else {{ retention.night_of('judged.judged_at', 'horizons.cutoffs') }}
        end as night
    from judged
    inner join horizons on judged.environment_id = horizons.environment_id
),

falling_by_night as (
    select
        environment_id,
        night,
        count(*) as rows_due,
        sum(files) as files_due
    from falling
    group by environment_id, night
),

gone as (
    {{ retention.gone_with_persons('horizons') }}
),

gone_by_night as (
    select
        environment_id,
        night,
        count(*) as rows_gone
    from gone
    group by environment_id, night
)

select
    nights.environment_id,
    nights.night,
    coalesce(due.rows_due, 0) - coalesce(gone.rows_gone, 0) as rows_due,
    cast(coalesce(due.files_due, 0) as bigint) as files_due
from nights
left join falling_by_night as due on nights.environment_id = due.environment_id and nights.night = due.night
left join gone_by_night as gone on nights.environment_id = gone.environment_id and nights.night = gone.night
where nights.night > 0
