with cutoffs as ({{ retention.environment_cutoffs(retention.last_as_of()) }}),

periods as (
    select * from {{ ref('retention_periods') }}
),

environments as (
    select * from {{ ref('platform_environments') }}
),

unknown as (
    select
        periods.environment_id,
        'the seed names an environment that the platform does not have' as reason
    from periods
    left join environments on periods.environment_id = cast(environments.environment_id as text)
    where environments.environment_id is null
)

select
    cast(environment_id as text) as environment_id,
    problem as reason
from cutoffs
where problem is not null
union all
select
    environment_id,
    reason
from unknown
