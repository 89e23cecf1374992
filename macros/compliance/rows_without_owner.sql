{#
    Of the compliance model rows_without_rule: living rows that go with an owner and have none, because they name none or one that
    the platform's own table has not, each with environment_id, kind and created_at. An owner whom no thin view shows, an agent
    say, keeps its rows; one that was anonymized does not, and leaves a row that another, missing one keeps. What names no owner
    by one entry of a table and one by another is the other's.
#}
{% macro rows_without_owner() -%}
    {%- set _selects = [] -%}
    {%- for _kind in retention.other_kinds() if retention.kind_entry(_kind).owner -%}
        {%- set _view, _table = ref('platform_' ~ _kind), retention.kind_entry(_kind) -%}
        {%- set _owner = retention.kind_entry(_table.owner.table) -%}
        {%- set _id = retention.id_of(_owner) -%}
        {%- set _is_own = _owner.relation and not retention.is_distributed() -%}
        {%- set _key = adapter.quote(_owner.key) if _is_own else _id -%}
        {%- set _select %}
    select own.environment_id, '{{ _kind }}' as kind, min(own.created_at) as created_at
    from {{ _view }} as own
    left join {{ _owner.relation if _is_own else ref('platform_' ~ _owner.name) }} as owner
        on cast(own.{{ _id }} as text) = cast(owner.{{ _key }} as text)
        {{- '' if _is_own else retention.same_environment('own', 'owner') }}
    left join {{ ref('platform_' ~ _owner.name) }} as shown on own.{{ _id }} = shown.{{ _id }} {{- retention.same_environment('own', 'shown') }}
    where own.anonymized_on is null {{- retention.is_not_kept(_table, 'own') }}
        {%- for _other in retention.other_entries(_table) %}
        and (own.{{ _id }} is not null or not exists (
            select 1 from {{ ref('platform_' ~ _other.name) }} as other
            where other.{{ retention.id_of(_other) }} = own.{{ retention.id_of(_table) }}
                and other.{{ retention.id_of(retention.kind_entry(_other.owner.table)) }} is not null
        ))
        {%- endfor %}
    group by own.environment_id, own.{{ retention.id_of(_table) }}
    having bool_or(owner.{{ _key }} is null) and bool_and(owner.{{ _key }} is null or shown.anonymized_on is not null)
        {%- endset -%}
        {%- do _selects.append(_select) -%}
    {%- endfor -%}
    {{ _selects | join('\n    union all') if _selects
        else 'select environment_id, null as kind, cutoff as created_at from cutoffs where false' }}
{%- endmacro %}
