select
    chatbot_conversation_id,
    environment_id,
    network,
    created_at,
    anonymized_on
from {{ source('platform', 'chatbot_conversations') }}
