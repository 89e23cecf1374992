select
    environment_id,
    -- A platform that stores its own setting exposes it here, in whole months.
    cast(null as integer) as retention_months
from {{ source('platform', 'environments') }}
