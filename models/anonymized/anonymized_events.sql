{{ config(
    pre_hook=before_begin("{{ retention.batch_session() }}"),
    post_hook=[
        after_commit("{{ retention.anonymize('chatbot_conversations', retention.event_is_due('due_row', '_cutoff')) }}"),
        after_commit("{{ retention.anonymize('custom_events', retention.event_is_due('due_row', '_cutoff')) }}"),
    ]
) }}

-- After the users, so that one person's rows of any age get one identifier (S3).
-- depends_on: {{ ref('anonymized_users') }}
-- depends_on: {{ ref('due_events') }}
with lines as (
    select * from {{ source('ledger', 'run_lines') }}
)

select
    run_id,
    environment_id,
    kind,
    retention_months,
    cutoff,
    max(state) as state,
    sum(due) as due,
    sum(anonymized) as anonymized,
    sum(dependents) as dependents,
    sum(files_queued) as files_queued,
    case when count(left_over) = count(*) then sum(left_over) end as left_over,
    max(failure) as failure
from lines
where kind in ('chatbot_conversations', 'custom_events')
group by run_id, environment_id, kind, retention_months, cutoff
