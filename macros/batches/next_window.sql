{#
    After a batch over several lines: the next window begins where this one ended, or, where it held more rows than a batch
    takes, at the last row of the batch. Its width, in seconds, would hold a twentieth more than the next batch at this one's
    density; from a millisecond to a thousand years, and ten times this one's at most. Only a full batch shows that a larger
    one may be taken. `_clear` notes up to when nothing is left of each line that was in every window so far.
#}
{% macro next_window(milliseconds, most_rows) %}
            if _failed then
                _reached := _until;
            else
                if _found < _size then
                    _reaches := _until;
                    _growth := 1;
                else
                    _growth := 1.5;
                end if;
                _least := case when _size = 1 and _found = 1 then least(_least, _took) else _least end;
                _size := least(
                    greatest(_size * least({{ retention.time_aimed_at(milliseconds) }} / greatest(_took, 0.001), _growth), 1),
                    {{ most_rows }}
                );
                _width := least(1.05 * _size * extract(epoch from _reaches - _reached) / greatest(_found, 1), 10 * _width);
                _width := least(greatest(_width, 0.001), 31556952000);
                if _is_gapless then
                    _clear := _clear || (
                        select coalesce(jsonb_object_agg(name, _reaches), '{}')
                        from unnest(_names) as name where (_clear ->> name)::timestamptz = _reached
                    );
                end if;
                _reached := _reaches;
            end if;
{% endmacro %}
