{{ config(
    pre_hook=before_begin("{{ retention.batch_session() }}"),
    post_hook=[
        after_commit(
            "{{ retention.anonymize(
                'users', retention.user_is_due('due_row', '_cutoff'), milliseconds=20, check_again='messages',
                is_searched_everywhere=true
            ) }}"
        ),
    ]
) }}

-- What the hooks empty; they look for it themselves, batch by batch.
-- depends_on: {{ ref('due_users') }}
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
where kind in ('users')
group by run_id, environment_id, kind, retention_months, cutoff
