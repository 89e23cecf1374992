{%- set _cutoff_then = retention.cutoff('private.created_at', 'periods.retention_months') -%}

with messages as (
    select * from {{ ref('platform_messages') }}
),

known as (
    select
        line.environment_id,
        line.retention_months,
        run.started_at,
        lag(line.retention_months) over (partition by line.environment_id order by run.run_id) as months_before
    from {{ source('ledger', 'run_lines') }} as line
    inner join {{ source('ledger', 'runs') }} as run on line.run_id = run.run_id
    where line.kind = 'messages' and line.retention_months is not null
),

-- Each period that the ledger has seen in force, from when until when.
periods as (
    select
        environment_id,
        retention_months,
        started_at as valid_from,
        lead(started_at) over by_time as valid_until,
        row_number() over by_time = 1 as is_first
    from known
    where months_before is distinct from retention_months
    window by_time as (partition by environment_id order by started_at)
),

private as (
    select
        environment_id,
        message_id,
        published_at,
        created_at
    from messages
    where visibility <> 'public' and anonymized_on is null and published_at < created_at - interval '27 days'
)

select
    private.environment_id,
    'messages' as kind,
    private.message_id as row_id,
    case
        when private.created_at >= periods.valid_from
            then 'private, and older than the retention period when it was imported (R1)'
        else 'unknown: private, imported before the ledger knew the period, and older than the first one it knows (R1)'
    end as reason
from private
inner join periods
    on
        cast(private.environment_id as text) = periods.environment_id
        and (periods.is_first or private.created_at >= periods.valid_from)
        and (periods.valid_until is null or private.created_at < periods.valid_until)
where not {{ retention.is_retrievable("'private'", 'private.published_at', _cutoff_then) }}
