with environments as (
    select * from {{ ref('platform_environments') }}
),

beyond as (
    {%- for kind in retention.kinds() %}
    {{- retention.rows_beyond_periods(kind) }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
)

select
    cast(environment_id as text) as environment_id,
    kind,
    row_count,
    case
        when has_environment then 'without an instant of creation: no period ends'
        else 'of an environment that the platform does not have: no period applies'
    end as reason
from beyond
