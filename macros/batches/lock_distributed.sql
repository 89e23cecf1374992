{#
    lock_due_rows for tables that are distributed by environment: keys are looked up through the thin view, locked in the
    platform's own table, of one environment and so on one server, and then judged again, by what was committed meanwhile.
#}
{% macro lock_distributed(table, thin, is_due, check_again) %}
                _failed := false;
                {{ retention.look_for_due_rows(table, thin, is_due) }}
                {{ retention.lock_found_rows(table) }}
                {%- if check_again %}
                {{ retention.wait_for_writers(table, check_again) }}
                {%- endif %}
                {{ retention.judge_again(table, thin, is_due) }}
                _of := array_fill(_line.environment_id, array[cardinality(_keys)]);
{% endmacro %}
