{#
    Takes the next due rows; a batch that locks them first leaves alone what others hold. `for update`, not `no key`: with a
    foreign key the insert of a user's message then waits. What other rows make due, users and what came late to its owner, is
    searched before anything is locked: no index leads to it, and a search that locked what it finds would hold the first row until
    the last is found. Its keys are then locked, and the rule read again in a statement that sees what was committed before (U3).
#}
{% macro lock_due_rows(table, thin, is_due, check_again) %}
    {%- if retention.is_distributed() -%}
        {{ return(retention.lock_distributed(table, thin, is_due, check_again)) }}
    {%- endif %}
                {{ retention.begin_batch(table, thin) }}
                _keys := '{}';
                _found := 0;
                {%- if check_again or table.owner or retention.may_be_shared(table, thin) %}
                {{ retention.look_for_due_rows(table, thin, is_due) }}
                {%- set _is_led = not check_again or retention.is_led_to(retention.thin_view(check_again), table) %}
                {{ retention.lock_found_rows(table, _is_led) }}
                {% if check_again %}{{ retention.wait_for_writers(table, check_again) }}{% endif %}
                {{ retention.judge_again(table, thin, is_due, is_one_by_one=check_again and _is_led) }}
                {%- else %}
                {{ retention.if_locking(
                    table,
                    retention.look_for_due_rows(table, thin, is_due, is_locked=true),
                    retention.look_for_due_rows(table, thin, is_due)
                ) }}
                _began := clock_timestamp();  -- from here on writers may wait: an index leads to what was searched
                {%- endif %}
                _of := array_fill(_line.environment_id, array[cardinality(_keys)]);
{% endmacro %}
