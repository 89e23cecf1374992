{#
    After a batch over several lines: the next window begins where this one ended, or, where it held more rows than a batch
    takes, at the last row of the batch. Its width, in seconds, would have held one and a half batches at the last one's
    density, or is a little less than one that held too many, or a tenth of one that was read for too long; from a millisecond
    to a thousand years. Only a full batch shows that a larger one may be taken.
#}
{% macro next_window(milliseconds, most_rows) %}
            if _failed then
                _reached := _until;
            else
                _reached := case when _found < _size then _until else _reaches end;
                _width := _width * case
                    when _found < _size then least(1.5 * _size / greatest(_found, 1), 10)
                    when _began - _turn_began > make_interval(secs => {{ milliseconds }} / 4000.0) then 0.1
                    else 0.9
                end;
                _width := least(greatest(_width, 0.001), 31556952000);
                _size := least(
                    greatest(
                        _size * least({{ milliseconds }} / greatest(_took * 1000, 1), case when _found < _size then 1 else 1.5 end), 1
                    ),
                    {{ most_rows }}
                );
            end if;
{% endmacro %}
