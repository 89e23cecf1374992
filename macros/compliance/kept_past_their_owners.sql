{#
    Of the compliance model rows_kept_past_their_owners: living rows of which every owner is anonymized, and which a thin view
    of their table says are kept, each with environment_id, kind and row_id. What names no owner tells nothing either way; an owner
    whom no thin view shows, an agent say, keeps the row by itself. A row that several entries show is told
    once; not told are those of an entry that says `kept: <why>`.
#}
{% macro kept_past_their_owners() -%}
    {%- set _selects = [] -%}
    {%- for _kind in retention.other_kinds() if retention.kind_entry(_kind).owner -%}
        {%- set _view, _table = ref('platform_' ~ _kind), retention.kind_entry(_kind) -%}
        {%- set _owners = ref('platform_' ~ _table.owner.table) -%}
        {%- set _id, _owner = retention.id_of(_table), retention.id_of(retention.kind_entry(_table.owner.table)) -%}
        {%- set _entries, _kept = [_table] + retention.other_entries(_table), [] -%}
        {%- for _entry in _entries if not _entry.kept and retention.tells_kept_rows(retention.thin_view(_entry.name)) -%}
            {%- do _kept.append('select kept.' ~ retention.id_of(_entry) ~ ' from ' ~ ref('platform_' ~ _entry.name) ~ ' as kept where kept.is_kept') -%}
        {%- endfor -%}
        {%- set _select %}
    select own.environment_id, '{{ _entries | map(attribute='name') | sort | first }}' as kind, cast(own.{{ _id }} as text) as row_id
    from {{ _view }} as own
    left join {{ _owners }} as owner on own.{{ _owner }} = owner.{{ _owner }} {{- retention.same_environment('own', 'owner') }}
    where
        own.anonymized_on is null and own.{{ _id }} in ({{ _kept | join(' union all ') }})
        {{- retention.has_no_other_owner(_table, 'own') }}
    group by own.environment_id, own.{{ _id }}
    having
        bool_or(owner.anonymized_on is not null)
        and bool_and(own.{{ _owner }} is null or owner.anonymized_on is not null)
        {%- endset -%}
        {%- do _selects.append(_select) if _kept -%}
    {%- endfor -%}
    {{ _selects | join('\n    union') if _selects
        else 'select environment_id, null as kind, null as row_id from ' ~ ref('platform_environments') ~ ' where false' }}
{%- endmacro %}
