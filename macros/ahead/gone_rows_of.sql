{# Of gone_with_persons, the rows of one table, by the column that repeats the identifier of the persons in `falling_<table>`. #}
{% macro gone_rows_of(person, other, column, horizons) -%}
    {%- set _id, _alone = retention.id_of(other), 'offset 0' if retention.has_identifier_index(other, column) else '' %}
    select distinct '{{ other.name }}' as kind, event.{{ _id }}::text as row_id, event.environment_id,
        {{ retention.night_of('event.created_at', 'own.cutoffs') }} as night
    from falling_{{ person.name }} as falling
    cross join lateral (
        select
            {%- for _name in [column.identifies.column] + (retention.shared_columns(column) | map('last') | list) %}
            named.{{ adapter.quote(_name) }} {{- ',' if not loop.last }}
            {%- endfor %}
        from {{ person.relation }} as named where named.{{ adapter.quote(person.key) }} = falling.row_key {{ _alone }}
    ) as person
    cross join lateral (
        select repeated.{{ adapter.quote(other.key) }} as row_key
        from {{ other.relation }} as repeated where {{ retention.repeats_identifier(column) }} {{ _alone }}
    ) as repeating
    cross join lateral (
        select living.* from {{ ref('platform_' ~ other.name) }} as living where living.{{ _id }} = repeating.row_key {{ _alone }}
    ) as event
    inner join {{ horizons }} as own on event.environment_id = own.environment_id
    where
        {{ retention.event_is_due('event', 'own.cutoff') }}
        and falling.night < {{ retention.night_of('event.created_at', 'own.cutoffs') }}
        and exists (
            select 1 from {{ horizons }} as horizon
            cross join lateral {{ retention.living_rows_of(other.name, retention.event_is_due('living', 'horizon.cutoff')) }} as falling_alone
        )
{%- endmacro %}
