select
    user_id,
    environment_id,
    network,
    created_at,
    -- The latest message the platform remembers, deleted ones included (U1); null: none but those it stores.
    cast(null as timestamp with time zone) as last_message_at,
    {{ retention.has_own_file('users', 'picture_key') }} as has_picture,
    anonymized_on
from {{ source('platform', 'users') }}
