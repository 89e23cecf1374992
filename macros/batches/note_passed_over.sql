{#
    Counts dependents of the locked rows that others held as due on the line of their own kind, so that it looks for them.
#}
{% macro note_passed_over(dependent) %}
                {%- if dependent.name in retention.kinds() %}
                update {{ source('ledger', 'run_lines') }} set due = due + held.rows, left_over = null
                from (
                    select count(*) as rows from {{ dependent.relation }}
                    where {{ dependent.owner.key }} = any(_keys) and {{ dependent.marker }} is null
                ) as held
                where
                    held.rows > 0
                    and run_id = _run_id
                    and environment_id = _line.environment_id
                    and kind = '{{ dependent.name }}'
                    and lane = 0;
                {%- endif %}
{% endmacro %}
