{# Works one environment's line: batch after batch until nothing is found, then a recount. Each batch is committed alone. #}
{% macro work_line(kind, table, thin, is_due, check_again, milliseconds) %}
        _environment_id := _line.environment_id;
        _cutoff := _line.cutoff;
        {{ retention.batch_start() }}
        loop
            {{ retention.require_open_run() }}
            exit when exists (select 1 from {{ source('ledger', 'pauses') }} where resumed_at is null)
                or {{ retention.is_out_of_time() }};
            begin
                {{ retention.lock_due_rows(table, thin, is_due, check_again) }}
                {{ retention.empty_rows(table) }}
                {{ retention.count_batch(kind) }}
            exception when others then
                get stacked diagnostics
                    _state = returned_sqlstate, _said = message_text, _failed_table = table_name,
                    _failed_constraint = constraint_name;
                _failed := true;
            end;
            commit;  -- outside the block above, where a failed batch is already undone
            _took := extract(epoch from clock_timestamp() - _began);
            {{ retention.size_next_batch(table, thin, is_due, milliseconds) }}
            {{ retention.wait_while_behind(table, milliseconds) }}
        end loop;
        {{ retention.require_open_run() }}
        {{ retention.close_line(kind, table, thin, is_due) }}
        commit;
{% endmacro %}
