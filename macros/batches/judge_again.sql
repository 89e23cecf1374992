{#
    Reads the rule again on locked rows (U3), and keeps in `_keys` those of which it still holds, and that are still of the line's
    environment: another period applies in another. Where an index leads to what may
    lift it, each row is judged alone, so that this index is the way: else the planner may read all that the platform wrote
    of late, and of how much that is it knows only what was counted last. Without one all are judged at once.
#}
{% macro judge_again(table, thin, is_due, is_one_by_one=false) %}
    {%- set _id = retention.id_of(table) %}
    {%- if is_one_by_one %}
                select coalesce(array_agg(distinct judged.row_key), '{}')
                into _keys
                from unnest(_keys) as locked (locked_key)
                cross join lateral (
                    select due_row.{{ _id }} as row_key
                    from {{ thin }} as due_row
                    where
                        due_row.environment_id = _environment_id and due_row.{{ _id }} = locked.locked_key and {{ is_due }}
                    offset 0
                ) as judged;
    {%- else %}
                select coalesce(array_agg(distinct due_row.{{ _id }}), '{}')
                into _keys
                from {{ thin }} as due_row
                where due_row.environment_id = _environment_id and due_row.{{ _id }} = any(_keys) and {{ is_due }};
    {%- endif %}
{%- endmacro %}
