{#
    The keys of the next due rows of several lines, oldest first, from one instant to another. Each line's are looked up in the
    index of living rows up to its own cutoff, `_cutoff`, which is then the line's, a column. Where `is_locked`, each row is
    locked as it is found.
#}
{% macro look_together(table, thin, is_due, is_locked=false) -%}
                select
                    coalesce(array_agg(oldest.row_key), '{}'), coalesce(array_agg(oldest.name), '{}'),
                    coalesce(max(oldest.created_at), _until)
                into _keys, _of, _reaches
                from (
                    select looked.row_key, line.name, looked.created_at
                    from unnest(_environment_ids, _names, _cutoffs) as line (environment_id, name, cutoff)
                    cross join lateral (
                        select due_row.{{ retention.id_of(table) }} as row_key, due_row.created_at
                        from {{ thin }} as due_row
                        where
                            due_row.environment_id = line.environment_id
                            and due_row.created_at >= _reached
                            and due_row.created_at < _until
                            and {{ is_due | replace('_cutoff', 'line.cutoff') }}
                            {{ retention.in_lane(table) }}
                        order by due_row.created_at
                        {%- if is_locked %}
                        limit least(_size, 50000 / cardinality(_names))
                        for update skip locked
                        {%- else %}
                        limit _size
                        {%- endif %}
                    ) as looked
                    order by looked.created_at
                    limit _size
                ) as oldest;
{%- endmacro %}
