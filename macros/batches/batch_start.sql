{# Before the first batch of a line; its size goes on from what the lines before it taught. #}
{% macro batch_start(kind) %}
        _size := coalesce(_size, {{ retention.first_batch_size() }});
        _passed_over := '{}';
        _failures := 0;
        _is_last_look := false;
        _left_over := null;
        select anonymized into _done from {{ source('ledger', 'run_lines') }}
        where run_id = _run_id and environment_id = _line.environment_id and kind = '{{ kind }}' and lane = _lane;
        _most := {{ retention.most_rows_of_line(kind) }};
        _reached := '-infinity';
        _line_began := clock_timestamp();
{% endmacro %}
