{#
    Takes the next due rows; a batch that locks them first leaves alone what others hold. `for update`, not `no key`: with a
    foreign key the insert of a user's message then waits. With `check_again`, and of rows that may have several owners, the rule
    is read again in a statement whose snapshot sees what was committed before the locks were held (U3).
#}
{% macro lock_due_rows(table, thin, is_due, check_again) %}
    {%- if retention.is_distributed() -%}
        {{ return(retention.lock_distributed(table, thin, is_due, check_again)) }}
    {%- endif -%}
    {%- set _is_plain = retention.is_plain_view(thin) -%}
    {%- set _id = retention.id_of(table) %}
                {{ retention.begin_batch(table, thin) }}
                _keys := '{}';
                _found := 0;
                {{ retention.if_locking(
                    table,
                    retention.look_for_due_rows(table, thin, is_due, locked='due_row' if _is_plain else 'stored'),
                    retention.look_for_due_rows(table, thin, is_due)
                ) }}
                _began := clock_timestamp();  -- from here on writers may wait: not while rows were searched
                {%- if check_again or retention.may_be_shared(table, thin) %}
                {% if check_again %}{{ retention.wait_for_writers(table, check_again) }}{% endif %}
                select coalesce(array_agg(distinct due_row.{{ _id }}), '{}')
                into _keys
                from {{ thin }} as due_row
                where due_row.{{ _id }} = any(_keys) and {{ is_due }};
                {%- endif %}
                _of := array_fill(_line.environment_id, array[cardinality(_keys)]);
{% endmacro %}
