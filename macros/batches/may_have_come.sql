{#
    Whether what belongs to the rows of a batch may have come, or been held by others, since it was looked for, as an SQL
    condition. Not where the batch has locked nothing first, so that it would have been undone, nobody's transaction has ended
    since: the server sees by the same snapshot, `_seen`; and no trigger of the platform acts, on any table that the batch
    writes, which might add some itself.
#}
{% macro may_have_come(table) -%}
    {%- if retention.may_write_at_once(table, retention.thin_view(table.name)) -%}
    {%- set _dependents = retention.data_map() | selectattr('owner') | selectattr('owner.table', 'equalto', table.name) | list -%}
    {%- set _repeating = retention.repeated_identifiers(table.name) | map('first') | list -%}
    (_locks_first or pg_current_snapshot()::text <> _seen
        or {{ retention.is_watched(table, which='true', others=_dependents + _repeating) }})
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}
