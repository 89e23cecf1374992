{# Recounts what is still due, since rows that others held were skipped: "0 rows" does not mean done. #}
{% macro close_line(kind, thin, is_due) %}
        update {{ source('ledger', 'run_lines') }} set
            left_over = (
                select count(*) from {{ thin }} as due_row where due_row.environment_id = _environment_id and {{ is_due }}
            ),
            seconds = extract(epoch from clock_timestamp() - _line_began),
            failure = case
                when _failures > 0 and _state in ('{{ retention.statistic_changed() }}', '{{ retention.not_emptied() }}') then _said
                when _failures > 0 then
                format(
                    'SQLSTATE %s%s%s', _state, ', table ' || nullif(_failed_table, ''),
                    ', constraint ' || nullif(_failed_constraint, '')
                )
                when exists (select 1 from {{ source('ledger', 'pauses') }} where resumed_at is null) then 'paused by a person'
            end
        where run_id = _run_id and environment_id = _line.environment_id and kind = '{{ kind }}';
{% endmacro %}
