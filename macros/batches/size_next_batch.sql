{#
    After the commit: the next batch takes as many rows as fit the time aimed at, a fifth of what a writer may wait on a
    lock of ours, since a busy server is not always as fast as it just was; for the same reason it grows by half at most, and
    only after one of which half the rows were free and still due.
    A failed one is tried again with a tenth of its rows; a single row that fails is passed over, so that those behind it
    have their turn. After a thousand, or ten that waited for somebody else, the line is given up for the night.
    A batch that was not full is followed by a recount and, where something is left, by one more look from the beginning, for
    what others held: not by another one, since the platform may add due rows (M6) as fast as they are taken.
#}
{% macro size_next_batch(table, thin, is_due, milliseconds) %}
            if _failed then
                if _size > 1 then
                    _size := greatest(_size / 10, 1);
                else
                    _passed_over := _passed_over || _keys;
                    _failures := _failures + 1;
                    exit when _found = 0 or _failures >= case when _state = '55P03' then 10 else 1000 end;
                end if;
            else
                _cleared := case when _is_gapless then _reaches else _cleared end;
                if _found < _size then
                    {{ retention.recount(table, thin, is_due) }}
                    exit when _left_over = 0 or _is_last_look;
                    _is_last_look := true;
                    _reached := _cleared;
                    _held := '{}';
                else
                    _reached := _reaches;
                end if;
                _least := case when _size = 1 and cardinality(_keys) = 1 then least(_least, _took) else _least end;
                _growth := case when 2 * cardinality(_keys) >= _size then 1.5 else 1 end;
                _size := least(
                    greatest(
                        _size * least({{ retention.time_aimed_at(milliseconds) }} / greatest(_took, 0.001), _growth), 1
                    ),
                    {{ retention.whole_number_var('batch_rows_max', 10000, 1, 100000) }}
                );
            end if;
{% endmacro %}
