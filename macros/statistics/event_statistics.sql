{#
    Events and distinct users by environment and month (S3). A month is shown only when it lies wholly within the period
    at the moment of reading, and within every period that a run has worked by: a period that became longer does not bring
    back the persons of rows that are anonymized already. Then every identifier in it is still one per person.
#}
{% macro event_statistics(kind) -%}
with cutoffs as ({{ retention.environment_cutoffs(retention.present()) }}),

worked as (
    select
        environment_id,
        max(cutoff) as cutoff
    from {{ source('ledger', 'run_lines') }}
    where kind = '{{ kind }}' and state = 'open'
    group by environment_id
),

events as (
    select
        environment_id,
        network,
        nullif(user_network_id, '') as user_network_id,
        date_trunc('month', created_at at time zone 'Europe/Paris') as month_of_event
    from {{ source('platform', kind) }}
)

select
    events.environment_id,
    cast(events.month_of_event as date) as month, -- noqa: RF04
    count(*) as {{ kind }},
    count(distinct (events.network, events.user_network_id)) filter (where events.user_network_id is not null) as users
from events
inner join cutoffs on events.environment_id = cutoffs.environment_id
left join worked on cast(events.environment_id as text) = worked.environment_id
where (events.month_of_event at time zone 'Europe/Paris') >= greatest(cutoffs.cutoff, worked.cutoff)
group by 1, 2
{%- endmacro %}
