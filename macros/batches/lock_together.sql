{#
    Takes the next due rows of several lines, oldest first, between `_reached` and `_until`; a batch that locks them first leaves
    alone what others hold. Each line's are looked up in the index of living rows up to its own cutoff. Should the window hold
    more than a batch takes, the newest are locked for nothing until the batch ends, 50,000 at most; what a line has beyond its
    part of these is left to the lines one by one. Planned anew each time, for what these two let through: a plan for any two
    would read the whole table. `_cutoff` is then the line's, a column.
#}
{% macro lock_together(table, thin, is_due) %}
                {{ retention.begin_batch(table, thin) }}
                _look_began := clock_timestamp();
                execute $look$
                    select
                        coalesce(array_agg(oldest.row_key), '{}'), coalesce(array_agg(oldest.name), '{}'),
                        coalesce(max(oldest.created_at), $5)
                    from (
                        select locked.row_key, line.name, locked.created_at
                        from unnest($1, $2, $3) as line (environment_id, name, _cutoff)
                        cross join lateral (
                            select due_row.{{ retention.id_of(table) }} as row_key, due_row.created_at
                            from {{ thin }} as due_row
                            where
                                due_row.environment_id = line.environment_id
                                and due_row.created_at >= $4
                                and due_row.created_at < $5
                                and {{ is_due }}
                                {{ retention.in_lane(table) }}
                            order by due_row.created_at
                            limit $7
                            $look$ || case when _locks_first then 'for update skip locked' else '' end || $look$
                        ) as locked
                        order by locked.created_at
                        limit $6
                    ) as oldest
                $look$
                into _keys, _of, _reaches
                using _environment_ids, _names, _cutoffs, _reached, _until, _size,
                    case when _locks_first then least(_size, 50000 / cardinality(_names)) else _size end;
                _found := cardinality(_keys);
                _began := clock_timestamp();  -- from here on writers may wait: not while rows were searched
{% endmacro %}
