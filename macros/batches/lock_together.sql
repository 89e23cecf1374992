{#
    Locks the next due rows of several lines, oldest first, between `_reached` and `_until`, and leaves alone what others hold.
    Planned anew each time, for what these two let through: a plan for any two would read the whole table. `_cutoff` is then
    the line's, a column.
#}
{% macro lock_together(table, thin, is_due) %}
                _failed := false;
                execute $look$
                    select
                        coalesce(array_agg(locked.row_key), '{}'), coalesce(array_agg(locked.name), '{}'),
                        coalesce(max(locked.created_at), $5)
                    from (
                        select due_row.{{ retention.id_of(table) }} as row_key, line.name, due_row.created_at
                        from unnest($1, $2, $3) as line (environment_id, name, _cutoff)
                        inner join {{ thin }} as due_row on line.environment_id = due_row.environment_id {{ retention.join_stored(table, thin, 'due_row') }}
                        where
                            due_row.created_at >= $4
                            and due_row.created_at < $5
                            and {{ is_due }}
                            {{ retention.in_lane(table) }}
                        order by due_row.created_at
                        limit $6
                        for update of {{ 'due_row' if retention.is_plain_view(thin) else 'stored' }} skip locked
                    ) as locked
                $look$
                into _keys, _of, _reaches
                using _environment_ids, _names, _cutoffs, _reached, _until, _size;
                _found := cardinality(_keys);
                _began := clock_timestamp();  -- from here on writers may wait: not while rows were searched
{% endmacro %}
