{#
    The keys of the next due rows, oldest first, from where the last batch ended, since a search from the beginning would pass
    over all that this run has emptied. In the order of the index of living rows, or every batch would sort all that is due.
    Where `is_locked`, each row is locked as it is found.
#}
{% macro look_for_due_rows(table, thin, is_due, is_locked=false) -%}
    {%- set _id = retention.id_of(table) -%}
                select coalesce(array_agg(looked.row_key), '{}'), count(*), coalesce(max(looked.created_at), _reached)
                into _keys, _found, _reaches
                from (
                    select due_row.{{ _id }} as row_key, due_row.created_at
                    from {{ thin }} as due_row
                    where
                        due_row.environment_id = _environment_id
                        and due_row.created_at >= _reached
                        and {{ is_due }}
                        {{ retention.in_lane(table) }}
                        and not due_row.{{ _id }} = any(_passed_over)
                        and not due_row.{{ _id }} = any(_held)
                    order by due_row.created_at
                    limit _size
                    {%- if is_locked %}
                    for update of due_row skip locked
                    {%- endif %}
                ) as looked;
{%- endmacro %}
