{#
    What late_to_their_owners tells of one kind, where it is remembered since when such rows may have come: those that live and came
    since are looked up in the index of living rows, and the owner of each by its key.
#}
{% macro late_since_last_night(kind) -%}
    {%- set _view, _table = ref('platform_' ~ kind), retention.kind_entry(kind) -%}
    {%- set _owner = retention.id_of(retention.kind_entry(_table.owner.table)) %}
    select own.environment_id, '{{ kind }}' as kind, cast(own.{{ retention.id_of(_table) }} as text) as row_id, own.created_at
    from cutoffs
    cross join lateral (
        select living.* from {{ _view }} as living
        where
            living.environment_id = cutoffs.environment_id and living.anonymized_on is null
            and living.created_at >= (select state.late_since from {{ source('ledger', 'activity_state') }} as state)
        offset 0
    ) as own
    cross join lateral (
        select 1 from {{ ref('platform_' ~ _table.owner.table) }} as owner
        where owner.{{ _owner }} = own.{{ _owner }} and owner.anonymized_on is not null
        offset 0
    ) as anonymized
    where {{ retention.is_late_known() }} {{- retention.goes_for_others(_table, 'own') }}
{%- endmacro %}
