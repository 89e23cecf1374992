{#
    Before the first batch of a line: start with a tenth of the largest batch, a hundred rows at most, and let time decide. How
    long a row takes is not known yet, on a platform whose triggers work on each of them, and writers may wait for all of it.
#}
{% macro batch_start() %}
        _size := greatest(least({{ retention.whole_number_var('batch_rows_max', 10000, 1, 100000) }} / 10, 100), 1);
        _passed_over := '{}';
        _failures := 0;
        _is_last_look := false;
        _left_over := null;
        _reached := '-infinity';
        _line_began := clock_timestamp();
{% endmacro %}
