{# Counts what is still due of a line's lane: rows that others held were skipped, so "0 rows found" does not mean done. #}
{% macro recount(table, thin, is_due) %}
            select count(*) into _left_over
            from {{ thin }} as due_row
            where due_row.environment_id = _environment_id and {{ is_due }}{{ retention.in_lane(table) }};
{% endmacro %}
