{#
    Counts what is still due of a line's lane: rows that others held were skipped, so "0 rows found" does not mean done. Up to
    `_cleared` none was: each batch took all that it looked at, or was undone; to read what it emptied once more would cost as
    much again as to find it.
#}
{% macro recount(table, thin, is_due) %}
            select count(*) into _left_over
            from {{ thin }} as due_row
            where
                due_row.environment_id = _environment_id and {{ is_due }}{{ retention.in_lane(table) }}
                {%- if retention.may_write_at_once(table, thin) %} and due_row.created_at >= _cleared{% endif %};
{% endmacro %}
