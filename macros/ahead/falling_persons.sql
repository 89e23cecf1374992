{# The rows of a kind that fall due within `horizons`, as a query: row_key and the night. #}
{% macro falling_persons(kind, horizons) -%}
    {%- if kind == 'users' -%}
        select writer.user_id as row_key, {{ retention.night_of(retention.last_active_at('writer'), 'horizon.cutoffs') }} as night
        from {{ horizons }} as horizon
        {{ retention.due_writers() }}
    {%- else -%}
        {%- set _own = retention.id_of(retention.kind_entry(kind)) -%}
        {%- set _rule = retention.message_is_due if kind == 'messages' else retention.event_is_due -%}
        select own.{{ _own }} as row_key, {{ retention.night_of('own.created_at', 'horizon.cutoffs') }} as night
        from {{ horizons }} as horizon
        cross join lateral {{ retention.living_rows_of(kind, _rule('living', 'horizon.cutoff')) }} as own
    {%- endif -%}
{%- endmacro %}
