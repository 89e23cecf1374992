{%- for kind in retention.kinds() %}
{%- do ref('platform_' ~ kind) %}
{%- endfor %}
with kept as (
    {{ retention.kept_past_their_owners() }}
)

select
    cast(environment_id as text) as environment_id,
    kind,
    row_id,
    'its owners are anonymized, and its thin view says is_kept' as reason
from kept
