select
    id as message_id,
    1 as environment_id,
    contact_id as conversation_id,
    contact_id as user_id,
    'inbound' as direction,
    'private' as visibility,
    cast(null as text) as network,
    created_at at time zone 'UTC' as published_at,
    created_at at time zone 'UTC' as created_at,
    {{ retention.anonymized_on('messages') }} as anonymized_on
from {{ source('office', 'messages') }}
