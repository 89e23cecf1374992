{#
    Before the lines one by one, where more is due than one batch takes: batches over many lines at once, in the order of
    creation, which is mostly the order on disk. Line by line, each page that holds rows of many environments would be
    written many times, and logged whole after each checkpoint. A window of time that fails is left to the lines one by one,
    and so is all the rest after ten, or where looking takes longer than emptying.
#}
{% macro work_together(kind, table, thin, is_due, milliseconds) %}
    {%- set _lanes = (retention.run_setting('lanes') or 1) | int -%}
    {%- set _most_rows = retention.whole_number_var('batch_rows_max', 10000, 1, 100000) %}
        _size := {{ retention.first_batch_size() }};
        _failures := 0;
        _reached := '-infinity';
        _turn_began := clock_timestamp();
        _is_gapless := {{ retention.may_write_at_once(table, thin) }};
        loop
            {{ retention.open_together(kind) }}
            exit when coalesce(cardinality(_names), 0) < 2 or _reached >= _horizon or {{ retention.is_stopped() }};
            if _width is null then
                exit when _most <= {{ _most_rows }};
                _width := extract(epoch from _horizon - _until) * 2 * _size / _most;
                _reached := _until;
                {{ retention.clear_before(thin) }}
            end if;
            {{ retention.require_open_run() }}
            _size := least(_size, case when not _is_released then {{ [1000 // _lanes, 1] | max }} end);
            _until := least(_reached + make_interval(secs => _width), _horizon);
            {{ retention.attempt_batch(kind, table, retention.lock_together(table, thin, is_due), is_shared=true) }}
            {{ retention.lock_once_more(table, thin) }}
            if _failed or _began - _look_began > make_interval(secs => {{ milliseconds }} / 250.0) then
                _failures := _failures + 1;
                exit when _failures = 10;
            end if;
            _reached_together := true;
            {{ retention.next_window(milliseconds, _most_rows) }}
            {{ retention.wait_while_behind(table, milliseconds) }}
        end loop;
{% endmacro %}
