{# Of judged_rows, those of a kind that is neither messages nor users. #}
{% macro judged_rows_of(kind, cutoffs) -%}
    {%- set _table = retention.kind_entry(kind) -%}
    {%- set _id = retention.id_of(_table) -%}
    {%- do ref('platform_' ~ kind) -%}
    {%- if _table.owner -%}
    select '{{ kind }}', late.{{ _id }}::text, late.environment_id, late.created_at, true, {{ retention.has_file(kind, 'late') }}
    from {{ cutoffs }} as horizon
    inner join {{ ref('platform_' ~ kind) }} as late on horizon.environment_id = late.environment_id
    where horizon.cutoff is not null and {{ retention.dependent_is_due('late', kind, narrowed=retention.may_be_late('shared')) }} {{- retention.may_be_late('late') }}
    {%- else -%}
    select '{{ kind }}', event.{{ _id }}::text, event.environment_id, event.created_at, false,
        {{ retention.has_file(kind, 'event') }} + {{ retention.files_with(kind, 'event') }}
    from {{ cutoffs }} as horizon
    cross join lateral {{ retention.living_rows_of(kind, retention.event_is_due('living', 'horizon.cutoff')) }} as event
    {%- endif -%}
{%- endmacro %}
