{#
    One batch, committed alone: `lock` takes its rows. An error undoes the batch and passes on no row; `_took` is its time. What
    the platform deferred to the commit, such as a constraint trigger, is done before it, where an error still undoes no more.
    Where rows are marked aside, statements are planned anew after one batch, two, four and so on: a plan made while that table
    of ours was small reads it whole for every row, and it grows with every batch.
#}
{% macro attempt_batch(kind, table, lock, is_shared=false) %}
            begin
                {{ lock }}
                {{ retention.empty_rows(table) }}
                {{ retention.count_batch(kind, is_shared) }}
                {%- if not retention.is_distributed() %}
                set constraints all immediate;
                {{ retention.prove_what_was_deferred(table) }}
                {%- endif %}
            exception when others then
                get stacked diagnostics
                    _state = returned_sqlstate, _said = message_text, _failed_table = table_name,
                    _failed_constraint = constraint_name;
                _failed := true;
            end;
            commit;  -- outside the block above, where a failed batch is already undone
            _took := extract(epoch from clock_timestamp() - _began);
            {%- if retention.marks_aside() %}
            _attempts := _attempts + 1;
            if _attempts & (_attempts - 1) = 0 then
                discard plans;
            end if;
            {%- endif %}
{% endmacro %}
