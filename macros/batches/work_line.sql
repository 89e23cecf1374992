{# Works one environment's line: batch after batch until nothing is found, then a recount. Each batch is committed alone. #}
{% macro work_line(kind, table, thin, is_due, check_again, milliseconds, is_begun_together) %}
        _environment_id := _line.environment_id;
        _cutoff := _line.cutoff;
        {{ retention.batch_start(kind, table, thin) }}
        {%- if is_begun_together %}
        if _reached_together then
            {{ retention.recount(table, thin, is_due) }}
        end if;
        {%- endif %}
        loop
            exit when _left_over = 0;  -- before a look, since all was done together
            {{ retention.require_open_run() }}
            exit when {{ retention.is_stopped() }};
            {{ retention.bound_batch(kind) }}
            {{ retention.attempt_batch(kind, table, retention.lock_due_rows(table, thin, is_due, check_again)) }}
            {{ retention.lock_once_more(table, thin) }}
            {{ retention.size_next_batch(table, thin, is_due, milliseconds) }}
            {{ retention.wait_while_behind(table, milliseconds) }}
        end loop;
        {{ retention.require_open_run() }}
        {{ retention.close_line(kind, table, thin, is_due) }}
        commit;
{% endmacro %}
