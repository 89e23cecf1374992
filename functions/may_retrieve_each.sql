with cutoffs as ({{ retention.environment_cutoffs('coalesce(may_retrieve_each.as_of, now())') }}),

asked as (
    select max(cutoffs.cutoff) as cutoff from cutoffs where cutoffs.environment_id = may_retrieve_each.environment
)

select coalesce(
    array_agg(
        {{ retention.is_retrievable('offered.visibility', 'offered.published_at', 'asked.cutoff') }}
        order by offered.place
    ),
    '{}'
)
from
    asked,
    unnest(may_retrieve_each.visibilities, may_retrieve_each.publications)
    with ordinality as offered (visibility, published_at, place) -- noqa: AL05
