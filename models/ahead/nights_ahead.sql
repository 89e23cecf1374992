{#- As far as a report shows and no further, and in counts alone: whoever asks for no files reads nothing but indexes. -#}
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
        case when judged.is_late then 1 else {{ retention.night_of('judged.judged_at', 'horizons.cutoffs') }} end as night,
        count(*) as rows_due,
        sum(judged.files) as files_due
    from judged
    inner join horizons on judged.environment_id = horizons.environment_id
    group by 1, 2
),

gone as ({{ retention.gone_with_persons('horizons') }}),

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
    coalesce(falling.rows_due, 0) - coalesce(gone_by_night.rows_gone, 0) as rows_due,
    cast(coalesce(falling.files_due, 0) as bigint) as files_due
from nights
left join falling on nights.environment_id = falling.environment_id and nights.night = falling.night
left join gone_by_night on nights.environment_id = gone_by_night.environment_id and nights.night = gone_by_night.night
where nights.night > 0
