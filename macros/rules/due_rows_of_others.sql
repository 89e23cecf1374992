{# The rows of due_events, over the relation `cutoffs`: the key is text where kinds have keys of several types. #}
{% macro due_rows_of_others() -%}
    {%- for kind in retention.kinds() if not execute -%}
        {%- do ref('platform_' ~ kind) -%}
    {%- endfor -%}
    {%- for kind in retention.other_kinds('attachments') %}
    {%- set _table = retention.kind_entry(kind) %}
    select
        '{{ kind }}' as kind,
        own.{{ retention.id_of(_table) }}{{ retention.cast_of_keys() }} as event_id,
        own.environment_id,
        own.created_at,
        cutoffs.as_of,
        cutoffs.cutoff
    from cutoffs
    inner join {{ ref('platform_' ~ kind) }} as own on cutoffs.environment_id = own.environment_id
    where
        {% if _table.owner -%}
        cutoffs.cutoff is not null and {{ retention.dependent_is_due('own', kind) }}
        {%- else -%}
        {{ retention.event_is_due('own', 'cutoffs.cutoff') }}
        {%- endif %}
    {{ 'union all' if not loop.last }}
    {%- else %}
    select null::text as kind, null::bigint as event_id, environment_id, cutoff as created_at, as_of, cutoff
    from cutoffs
    where false
    {%- endfor %}
{%- endmacro %}
