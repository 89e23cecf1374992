{#
    Of the compliance model overdue_rows: rows that live although every owner that they have is anonymized, each with
    environment_id, kind, row_id and created_at.
#}
{% macro late_to_their_owners() -%}
    {%- set _selects = [] -%}
    {%- for _kind in retention.other_kinds() -%}
        {%- set _view = ref('platform_' ~ _kind) -%}
        {%- set _table = retention.kind_entry(_kind) -%}
        {%- if _table.owner -%}
            {%- set _id, _owner = retention.id_of(_table), retention.id_of(retention.kind_entry(_table.owner.table)) -%}
            {%- set _has_one_owner = retention.is_plain_view(_view) -%}
            {%- set _is_remembered = _has_one_owner and retention.goes_by_activity() and retention.has_living_index(_kind) -%}
            {%- do _selects.append(retention.late_since_last_night(_kind)) if _is_remembered -%}
            {%- set _select %}
    select
        own.environment_id,
        '{{ _kind }}' as kind,
        cast(own.{{ _id }} as text) as row_id,
        {{ 'own.created_at' if _has_one_owner else 'min(own.created_at) as created_at' }}
    from {{ _view }} as own
    {{ 'inner' if _has_one_owner else 'left' }} join {{ ref('platform_' ~ _table.owner.table) }} as owner
        on own.{{ _owner }} = owner.{{ _owner }} {{- retention.same_environment('own', 'owner') }}
    where own.anonymized_on is null {{- retention.goes_for_others(_table, 'own') }}
                {%- if _is_remembered %} and not {{ retention.is_late_known() }}{% endif %}
                {%- if _has_one_owner %} and owner.anonymized_on is not null
                {%- else %}
    group by own.environment_id, own.{{ _id }}
    having bool_and(owner.anonymized_on is not null)
                {%- endif -%}
            {%- endset -%}
            {%- do _selects.append(_select) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ _selects | join('\n    union all') if _selects
        else 'select environment_id, null as kind, null as row_id, cutoff as created_at from cutoffs where false' }}
{%- endmacro %}
