with due_messages as (
    select * from {{ ref('due_messages') }}
),

cutoffs as (
    select * from {{ ref('due_cutoffs') }}
),

attachments as (
    select * from {{ ref('platform_attachments') }}
),

with_their_message as (
    select
        attachments.*,
        due_messages.cutoff,
        false as is_late
    from attachments
    inner join due_messages on attachments.message_id = due_messages.message_id
    where attachments.anonymized_on is null
),

late as (
    select
        attachments.*,
        cutoffs.cutoff,
        true as is_late
    from attachments
    inner join cutoffs on attachments.environment_id = cutoffs.environment_id
    where cutoffs.cutoff is not null and {{ retention.attachment_is_due('attachments') }}
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
