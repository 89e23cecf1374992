{#
    What rows_beyond_periods tells, by the index of living rows: the environments that they name are stepped through, and only rows of
    those that the platform does not have, and rows without age or environment, are read.
#}
{% macro looked_up_beyond_periods(kind) -%}
    {%- set _view = ref('platform_' ~ kind) %}
    select named.environment_id, '{{ kind }}' as kind, counted.row_count, environments.environment_id is not null as has_environment
    from ({{ retention.steps_by_environment(_view) }}) as named
    left join environments on named.environment_id = environments.environment_id
    cross join lateral (
        select count(*) as row_count from {{ _view }} as living
        where
            environments.environment_id is null
            and living.environment_id = named.environment_id and living.anonymized_on is null
        union all
        select count(*) from {{ _view }} as living
        where
            environments.environment_id is not null and {{ retention.has_no_age(kind) }}
            and living.environment_id = named.environment_id
    ) as counted
    where counted.row_count > 0
    union all
    select null, '{{ kind }}', count(*), false from {{ _view }}
    where environment_id is null and anonymized_on is null
    having count(*) > 0
{%- endmacro %}
