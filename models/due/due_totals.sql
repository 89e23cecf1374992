with cutoffs as (
    select * from {{ ref('due_cutoffs') }}
),

due as (
    select
        environment_id,
        'messages' as kind
    from {{ ref('due_messages') }}
    union all
    select
        environment_id,
        'attachments' as kind
    from {{ ref('due_attachments') }}
    where is_late
    union all
    select
        environment_id,
        'users' as kind
    from {{ ref('due_users') }}
    union all
    select
        environment_id,
        kind
    from {{ ref('due_events') }}
),

rows_due as (
    select
        environment_id,
        kind,
        count(*) as due
    from due
    group by environment_id, kind
),

files_due as (
    select
        environment_id,
        kind,
        count(*) as files_due
    from {{ ref('due_files') }}
    group by environment_id, kind
),

kinds as (
    {{ retention.rows_of_kinds() }}
)

select
    cutoffs.environment_id,
    kinds.kind,
    cutoffs.retention_months,
    cutoffs.cutoff,
    coalesce(rows_due.due, 0) as due,
    coalesce(files_due.files_due, 0) as files_due,
    cutoffs.problem
from cutoffs
cross join kinds
left join rows_due on cutoffs.environment_id = rows_due.environment_id and kinds.kind = rows_due.kind
left join files_due on cutoffs.environment_id = files_due.environment_id and kinds.kind = files_due.kind
