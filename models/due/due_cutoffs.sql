with cutoffs as ({{ retention.environment_cutoffs(retention.as_of()) }})

select
    environment_id,
    retention_months,
    cutoff,
    {{ retention.as_of() }} as as_of,
    problem
from cutoffs
