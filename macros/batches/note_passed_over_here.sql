{# note_passed_over for a distributed table: what others hold of what belongs to the locked rows is due on the line of its own kind. #}
{% macro note_passed_over_here(dependent) %}
                select count(*) into _also_due
                from {{ dependent.relation }}
                where
                    {{ retention.is_here(dependent) }} and {{ adapter.quote(dependent.owner.key) }} = any(_keys)
                    and {{ retention.is_unmarked(dependent) }};
                update {{ source('ledger', 'run_lines') }} set due = due + _also_due, left_over = null
                where
                    run_id = _run_id
                    and environment_id = _line.environment_id
                    and kind = '{{ dependent.name }}'
                    and lane = 0
                    and _also_due > 0;
{% endmacro %}
