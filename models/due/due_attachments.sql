{%- set _is_kind = 'attachments' in retention.kinds() -%}
with due_messages as (
    select * from {{ ref('due_messages') }}
),

cutoffs as (
    select * from {{ ref('due_cutoffs') }}
),

attachments as (
    {%- if _is_kind %}
    select * from {{ ref('platform_attachments') }}
    {%- else %}
    select
        cast(null as bigint) as attachment_id,
        environment_id,
        message_id,
        false as has_file,
        cast(null as bigint) as byte_size,
        created_at,
        cast(null as date) as anonymized_on
    from due_messages
    where false
    {%- endif %}
),

with_their_message as (
    select
        attachments.*,
        due_messages.cutoff,
        false as is_late
    from attachments
    inner join due_messages
        on attachments.message_id = due_messages.message_id
    where attachments.anonymized_on is null {{- retention.same_environment('attachments', 'due_messages') }}
),

late as (
    select
        attachments.*,
        cutoffs.cutoff,
        true as is_late
    from attachments
    inner join cutoffs on attachments.environment_id = cutoffs.environment_id
    where
        cutoffs.cutoff is not null
        and {{ retention.dependent_is_due('attachments', 'attachments') if _is_kind else 'false' }}
),

due as (
    select * from with_their_message
    union all
    select * from late
)

select
    attachment_id,
    environment_id,
    message_id,
    created_at,
    has_file,
    byte_size,
    is_late,
    cutoff
from due
