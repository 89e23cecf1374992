select
    attachment_id,
    environment_id,
    message_id,
    {{ retention.has_own_file('attachments', 'object_key') }} as has_file,
    content_type,
    byte_size,
    created_at,
    anonymized_on
from {{ source('platform', 'attachments') }}
