{#
    Of the compliance model rows_without_environment: how many living rows of a kind name an environment that the platform does not
    have, or none, or tell no age; over the relation `environments`. Each with environment_id, kind, row_count and has_environment.
#}
{% macro rows_beyond_periods(kind) -%}
    {%- set _view = ref('platform_' ~ kind) -%}
    {%- if retention.is_looked_up(kind) and retention.is_plain_view(_view) -%}
    {{ retention.looked_up_beyond_periods(kind) }}
    {%- else %}
    select
        living.environment_id,
        '{{ kind }}' as kind,
        count(*) as row_count,
        environments.environment_id is not null as has_environment
    from {{ _view }} as living
    left join environments on living.environment_id = environments.environment_id
    where living.anonymized_on is null and (environments.environment_id is null or {{ retention.has_no_age(kind) }})
    group by living.environment_id, environments.environment_id is not null
    {%- endif -%}
{%- endmacro %}
