select
    custom_event_id,
    environment_id,
    network,
    created_at,
    anonymized_on
from {{ source('platform', 'custom_events') }}
