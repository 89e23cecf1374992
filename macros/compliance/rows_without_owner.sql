{#
    Of the compliance model rows_without_rule: living rows that go with an owner and have none, because they name none or one that
    the platform's own table has not, each with environment_id, kind and created_at. An owner whom no thin view shows, an agent
    say, keeps its rows.
#}
{% macro rows_without_owner() -%}
    {%- set _selects = [] -%}
    {%- for _kind in retention.other_kinds() if retention.kind_entry(_kind).owner -%}
        {%- set _view, _table = ref('platform_' ~ _kind), retention.kind_entry(_kind) -%}
        {%- set _owner = retention.kind_entry(_table.owner.table) -%}
        {%- set _is_own = _owner.relation and not retention.is_distributed() -%}
        {%- set _key = adapter.quote(_owner.key) if _is_own else retention.id_of(_owner) -%}
        {%- set _select %}
    select own.environment_id, '{{ _kind }}' as kind, min(own.created_at) as created_at
    from {{ _view }} as own
    left join {{ _owner.relation if _is_own else ref('platform_' ~ _owner.name) }} as owner
        on cast(own.{{ retention.id_of(_owner) }} as text) = cast(owner.{{ _key }} as text)
        {{- '' if _is_own else retention.same_environment('own', 'owner') }}
    where own.anonymized_on is null
    group by own.environment_id, own.{{ retention.id_of(_table) }}
    having count(owner.{{ _key }}) = 0
        {%- endset -%}
        {%- do _selects.append(_select) -%}
    {%- endfor -%}
    {{ _selects | join('\n    union all') if _selects
        else 'select environment_id, null as kind, cutoff as created_at from cutoffs where false' }}
{%- endmacro %}
