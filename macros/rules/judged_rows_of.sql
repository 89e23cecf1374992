{# Of judged_rows, those of a kind that is neither messages nor users. #}
{% macro judged_rows_of(kind, cutoffs) -%}
    {%- set _table = retention.kind_entry(kind) -%}
    {%- set _id = retention.id_of(_table) -%}
    {%- do ref('platform_' ~ kind) -%}
    {%- if _table.owner -%}
    {{ retention.late_rows_of(kind, cutoffs, "'" ~ kind ~ "', late." ~ _id ~ "::text, late.environment_id, late.created_at, true, cast(" ~ retention.has_file(kind, 'late') ~ " as bigint)") }}
    {%- else -%}
    select '{{ kind }}', event.{{ _id }}::text, event.environment_id, event.created_at, false,
        cast({{ retention.has_file(kind, 'event') }} + {{ retention.files_with(kind, 'event') }} as bigint)
    from {{ cutoffs }} as horizon
    cross join lateral {{ retention.living_rows_of(kind, retention.event_is_due('living', 'horizon.cutoff')) }} as event
    {%- endif -%}
{%- endmacro %}
