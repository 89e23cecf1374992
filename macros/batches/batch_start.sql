{# Before the first batch of a line; its size goes on from what the lines before it taught, not below the first. #}
{% macro batch_start(kind, table, thin) %}
        _size := greatest(_size, {{ retention.first_batch_size() }});
        _passed_over := '{}';
        _held := '{}';
        _failures := 0;
        _is_last_look := false;
        _is_gapless := {{ retention.may_write_at_once(table, thin) }};
        _left_over := null;
        _most := {{ retention.most_rows_of_line(kind) }};
        _cleared := coalesce((_clear ->> _line.environment_id)::timestamptz, '-infinity');
        _reached := _cleared;
        _line_began := coalesce(_turn_began, clock_timestamp());  -- what was spent on all lines, and not written down yet
        _turn_began := null;
{% endmacro %}
