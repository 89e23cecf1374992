{#
    Every living row of a dependent kind with each of its owners, for a plan: (entry, row_key, environment_id, is_due, is_gone, is_kept).
    An owner of whom nothing is known is neither due nor gone, but for a row that only another entry of the table leads to one.
#}
{% macro rows_and_owners(kind, entry) -%}
    {%- set _due_keys = {'messages': 'message_id', 'users': 'user_id'} -%}
    {%- set _table, _thin = retention.kind_entry(kind), retention.thin_view(kind) -%}
    {%- set _owner = _table.owner.table -%}
    {%- set _id = retention.id_of(retention.kind_entry(_owner)) -%}
    {%- set _due = _thin.incorporate(path={'identifier': 'due_' ~ (_owner if _owner in _due_keys else 'events')}) -%}
            select
                {{ entry }} as entry,
                own.{{ retention.id_of(_table) }}::text as row_key,
                own.environment_id,
                due.environment_id is not null as is_due,
                owner.anonymized_on is not null
                {%- if retention.other_entries(_table) %} or own.{{ _id }} is null{% endif %} as is_gone,
                {{ 'coalesce(own.is_kept, false)' if retention.tells_kept_rows(_thin) else 'false' }} as is_kept
            from {{ _thin }} as own
            left join {{ retention.thin_view(_owner) }} as owner on own.{{ _id }} = owner.{{ _id }} {{- retention.same_environment('own', 'owner') }}
            {%- if _owner in _due_keys %}
            left join {{ _due }} as due on own.{{ _id }} = due.{{ _due_keys[_owner] }}
            {%- else %}
            left join {{ _due }} as due on due.kind = '{{ _owner }}' and own.{{ _id }}::text = due.event_id::text
            {%- endif %}
            where own.anonymized_on is null
{%- endmacro %}
