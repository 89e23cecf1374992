with cutoffs as ({{ retention.environment_cutoffs('coalesce(may_retrieve.as_of, now())') }}),

asked as (
    select max(cutoffs.cutoff) as cutoff from cutoffs where cutoffs.environment_id = may_retrieve.environment
)

select {{ retention.is_retrievable('may_retrieve.visibility', 'may_retrieve.published_at', 'asked.cutoff') }}
from asked
