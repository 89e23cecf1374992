{#
    Whether what belongs to the rows of a batch may have come, or been held by others, since it was looked for, as an SQL
    condition. Not where the batch has locked nothing first, so that it would have been undone, nobody's transaction has ended
    since: the server sees by the same snapshot, `_seen`; and no trigger of the platform acts, which might add some itself.
#}
{% macro may_have_come(table, dependent) -%}
    {%- if retention.may_write_at_once(table, retention.thin_view(table.name)) -%}
    (_locks_first or pg_current_snapshot()::text <> _seen
        or {{ retention.is_watched(table, which='true') }}
        or {{ retention.is_watched(dependent, which='true') }})
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}
