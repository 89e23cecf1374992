{#
    The rows of a kind that are due in the environment of the row `horizon`, as a subquery for a lateral join; `is_due` is
    over `living`. Where the index of living rows stands, the planner is kept from anything else than looking into it once
    an environment: it can't know how few rows lie before a cutoff that it has yet to compute, and would read every living
    row. Where the index is missing one reading of the table for all environments is the better way, and left open. Of rows that
    are marked in a table of ours, those before the cutoff are joined with it at once: looked up one by one, all that was ever
    done would cost ten times as much, every night.
#}
{% macro living_rows_of(kind, is_due) -%}
    {%- set _unmarked = 'living.anonymized_on is null' -%}
    {%- set _is_joined = _unmarked in is_due and retention.is_marked_aside(kind) -%}
    (
        {%- if _is_joined %}
        select older.* from (
        {%- endif %}
        select living.* from {{ ref('platform_' ~ kind) }} as living
        where living.environment_id = horizon.environment_id and {{ is_due | replace(_unmarked, 'true') if _is_joined else is_due }}
        {%- if retention.has_living_index(kind) %}
        offset 0
        {%- endif %}
        {%- if _is_joined %}
        ) as older
        where not exists (
            select 1 from {{ retention.done_rows() }} as done
            where done.kind {{ retention.marked_aside(retention.kind_entry(kind)) }} and done.row_key = cast(older.{{ retention.id_of(retention.kind_entry(kind)) }} as text)
        )
        {%- endif %}
    )
{%- endmacro %}
