{#
    How many rows go with a due row of another kind, for a plan: (kind, rows, environments). Of several owners, one is due, and
    the others are or were anonymized before; of a table that several entries name a row counts once, for the first of them
    that shows it with a due owner.
#}
{% macro rows_with_due_owners() %}
    {%- set _groups = {} -%}
    {%- for kind in retention.other_kinds() if (retention.kind_entry(kind).owner or {}).table -%}
        {%- do _groups.setdefault(retention.kind_entry(kind).relation, []).append(kind) -%}
    {%- endfor %}
    {%- for _kinds in _groups.values() %}
    select (array['{{ _kinds | join("', '") }}'])[entry] as kind, count(*) as rows, count(distinct environment_id) as environments
    from (
        select
            min(shown.entry) filter (where shown.is_due) as entry,
            min(shown.environment_id::text) filter (where shown.is_due) as environment_id
        from (
            {%- for _kind in _kinds %}
            {{ retention.rows_and_owners(_kind, loop.index) }}
            {{ 'union all' if not loop.last }}
            {%- endfor %}
        ) as shown
        group by shown.row_key
        having bool_or(shown.is_due) and bool_and(shown.is_due or shown.is_gone) and not bool_or(shown.is_kept)
    ) as going
    group by entry
    {{ 'union all' if not loop.last }}
    {%- else %}
    select null::text as kind, 0 as rows, 0 as environments
    where false
    {%- endfor %}
{% endmacro %}
