-- Our own people are in the same table: they are no customers.
select
    id as user_id,
    1 as environment_id,
    cast(null as text) as network,
    created_at at time zone 'UTC' as created_at,
    cast(null as timestamp with time zone) as last_message_at,
    false as has_picture,
    {{ retention.anonymized_on('users') }} as anonymized_on
from {{ source('office', 'users') }}
where not is_agent
