{#- Every kind of row besides messages, users and attachments: by the age of its own rows, or after its owner. -#}
with cutoffs as (
    select * from {{ ref('due_cutoffs') }}
),

due as (
    {{ retention.due_rows_of_others() }}
)

select
    due.kind,
    due.event_id,
    due.environment_id,
    due.created_at,
    date_part('day', due.as_of - due.created_at) as age_days,
    due.cutoff
from due
