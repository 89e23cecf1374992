{{ config(
    pre_hook=before_begin("{{ retention.batch_session() }}"),
    post_hook=[
        after_commit("{{ retention.anonymize('messages', retention.message_is_due('due_row', '_cutoff')) }}"),
        after_commit("{{ retention.anonymize('attachments', retention.attachment_is_due('due_row'), is_searched_everywhere=true) }}"),
    ]
) }}

-- What the hooks empty; they look for it themselves, batch by batch.
-- depends_on: {{ ref('due_messages') }}
-- depends_on: {{ ref('due_attachments') }}
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
where kind in ('messages', 'attachments')
group by run_id, environment_id, kind, retention_months, cutoff
