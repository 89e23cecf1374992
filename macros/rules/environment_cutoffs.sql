{#
    One row per environment: period, cutoff at `as_of`, and what is wrong with its configuration. Seed and platform may
    both set the period, to the same number; an environment with a problem has no cutoff, so nothing of it is due.
#}
{% macro environment_cutoffs(as_of) %}
    with configured as (
        select environment_id, count(*) as settings, min(retention_months) as months
        from {{ ref('retention_periods') }}
        group by environment_id
    ),

    settings as (
        select
            environments.environment_id,
            configured.settings > 1 as is_repeated,
            configured.environment_id is not null and coalesce(configured.months, '') !~ '^(1200|1[01][0-9]{2}|[1-9][0-9]{0,2})$' as is_malformed,
            environments.retention_months as platform_months,
            case when configured.months ~ '^[0-9]{1,4}$' then cast(configured.months as integer) end as seed_months
        from {{ ref('platform_environments') }} as environments
        left join configured on configured.environment_id = cast(environments.environment_id as text)
    ),

    periods as (
        select
            environment_id,
            case
                when is_repeated then 'the seed lists the environment more than once'
                when is_malformed then 'the seed''s period is not a whole number of months from 1 to 1200'
                when platform_months not between 1 and 1200 then 'the platform''s period is not from 1 to 1200 months'
                when platform_months <> seed_months then 'the seed and the platform set different periods'
            end as problem,
            coalesce(seed_months, platform_months, {{ retention.whole_number_var('default_retention_months', 24, 1, 1200) }}) as months
        from settings
    )

    select environment_id, case when problem is null then months end as retention_months,
        case when problem is null then {{ retention.cutoff(as_of, 'months') }} end as cutoff, problem
    from periods
{% endmacro %}
