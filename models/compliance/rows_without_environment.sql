with environments as (
    select * from {{ ref('platform_environments') }}
),

owners as (
    {%- for kind in retention.kinds() %}
    select
        '{{ kind }}' as kind,
        environment_id,
        {{ retention.has_no_age(kind) }} as has_no_age
    from {{ ref('platform_' ~ kind) }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
)

select
    cast(owners.environment_id as text) as environment_id,
    owners.kind,
    count(*) as row_count,
    case
        when environments.environment_id is null
            then 'of an environment that the platform does not have: no period applies'
        else 'without an instant of creation: no period ends'
    end as reason
from owners
left join environments on owners.environment_id = environments.environment_id
where environments.environment_id is null or owners.has_no_age
group by owners.environment_id, owners.kind, environments.environment_id is null
