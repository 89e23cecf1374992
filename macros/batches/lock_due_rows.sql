{#
    Locks the next due rows, oldest first, from where the last batch ended, since a search from the beginning would pass over
    all that this run has emptied, and leaves alone what others hold. In the order of the index of living rows, or every batch
    would sort all that is due. `for update`, not `no key`: with a foreign key the insert of a user's message then waits. With
    `check_again` the rule is read again in a statement whose snapshot sees what was committed before the locks were held (U3).
#}
{% macro lock_due_rows(table, thin, is_due, check_again) %}
    {%- if retention.is_distributed() -%}
        {{ return(retention.lock_distributed(table, thin, is_due, check_again)) }}
    {%- endif -%}
    {%- set _is_plain = retention.is_plain_view(thin) -%}
    {%- set _id = retention.id_of(table) %}
                _failed := false;
                _keys := '{}';
                _found := 0;
                select coalesce(array_agg(locked.row_key), '{}'), count(*), coalesce(max(locked.created_at), _reached)
                into _keys, _found, _reaches
                from (
                    select due_row.{{ _id }} as row_key, due_row.created_at
                    from {{ thin }} as due_row {{ retention.join_stored(table, thin, 'due_row') }}
                    where
                        due_row.environment_id = _environment_id
                        and due_row.created_at >= _reached
                        and {{ is_due }}
                        {{ retention.in_lane(table) }}
                        and not due_row.{{ _id }} = any(_passed_over)
                    order by due_row.created_at
                    limit _size
                    for update of {{ 'due_row' if _is_plain else 'stored' }} skip locked
                ) as locked;
                _began := clock_timestamp();  -- from here on writers may wait: not while rows were searched
                {%- if check_again or not _is_plain %}
                {% if check_again %}{{ retention.wait_for_writers(table, check_again) }}{% endif %}
                select coalesce(array_agg(distinct due_row.{{ _id }}), '{}')
                into _keys
                from {{ thin }} as due_row
                where due_row.{{ _id }} = any(_keys) and {{ is_due }};
                {%- endif %}
                _of := array_fill(_line.environment_id, array[cardinality(_keys)]);
{% endmacro %}
