{#
    How many rows go with a due row of another kind, for a plan: (kind, rows, environments). Of several owners, one is due,
    and the others are or were anonymized before.
#}
{% macro rows_with_due_owners() %}
    {%- set _due_keys = {'messages': 'message_id', 'users': 'user_id'} -%}
    {%- for kind in retention.other_kinds() if (retention.kind_entry(kind).owner or {}).table %}
    {%- set _table = retention.kind_entry(kind) -%}
    {%- set _owner = _table.owner.table -%}
    {%- set _key, _id = retention.id_of(_table), retention.id_of(retention.kind_entry(_owner)) -%}
    {%- set _due = retention.thin_view(kind).incorporate(path={'identifier': 'due_' ~ (_owner if _owner in _due_keys else 'events')}) %}
    select '{{ kind }}' as kind, count(*) as rows, count(distinct environment_id) as environments
    from (
        select own.{{ _key }}, own.environment_id
        from {{ retention.thin_view(kind) }} as own
        left join {{ retention.thin_view(_owner) }} as owner on own.{{ _id }} = owner.{{ _id }} {{- retention.same_environment('own', 'owner') }}
        {%- if _owner in _due_keys %}
        left join {{ _due }} as due on own.{{ _id }} = due.{{ _due_keys[_owner] }}
        {%- else %}
        left join {{ _due }} as due on due.kind = '{{ _owner }}' and own.{{ _id }}::text = due.event_id::text
        {%- endif %}
        where own.anonymized_on is null
        group by own.{{ _key }}, own.environment_id
        having bool_or(due.environment_id is not null) and bool_and(due.environment_id is not null or owner.anonymized_on is not null)
    ) as going
    {{ 'union all' if not loop.last }}
    {%- else %}
    select null::text as kind, 0 as rows, 0 as environments
    where false
    {%- endfor %}
{% endmacro %}
