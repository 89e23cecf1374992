{# Before the first batch of a line: start with a tenth of the largest batch and let time decide. #}
{% macro batch_start() %}
        _size := greatest({{ retention.whole_number_var('batch_rows_max', 10000, 1, 100000) }} / 10, 1);
        _passed_over := '{}';
        _failures := 0;
        _was_full := true;
        _line_began := clock_timestamp();
{% endmacro %}
