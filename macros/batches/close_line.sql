{# Writes down what is left of a line, and why; recounted unless the last look has shown that nothing is. #}
{% macro close_line(kind, table, thin, is_due) %}
        if _left_over is distinct from 0 then
            {{ retention.recount(table, thin, is_due) }}
        end if;
        update {{ source('ledger', 'run_lines') }} set
            left_over = _left_over,
            seconds = seconds + extract(epoch from clock_timestamp() - _line_began),
            failure = case
                when _failures > 0 and _state in ('{{ retention.statistic_changed() }}', '{{ retention.not_emptied() }}') then _said
                when _failures > 0 then
                format(
                    'SQLSTATE %s%s%s', _state, ', table ' || nullif(_failed_table, ''),
                    ', constraint ' || nullif(_failed_constraint, '')
                )
                when exists (select 1 from {{ source('ledger', 'pauses') }} where resumed_at is null) then 'paused by a person'
                when {{ retention.is_out_of_time() }} then 'the budget was used up'
                when _done >= _most and _left_over > 0 then 'more rows became due than the brake had judged; the next run''s judges them'
            end
        where run_id = _run_id and environment_id = _line.environment_id and kind = '{{ kind }}' and lane = _lane;
{% endmacro %}
