select
    message_id,
    environment_id,
    conversation_id,
    user_id,
    direction,
    visibility,
    network,
    published_at,
    created_at,
    anonymized_on
from {{ source('platform', 'messages') }}
