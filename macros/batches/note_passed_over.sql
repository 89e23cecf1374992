{#
    Counts dependents of the locked rows that others held as due on the line of their own kind, so that it looks for them.
#}
{% macro note_passed_over(dependent) %}
                {%- if dependent.name in retention.kinds() %}
                update {{ source('ledger', 'run_lines') }} as line set due = line.due + held.rows, left_over = null
                from (
                    select owner.environment_id, count(*) as rows
                    from unnest(_keys, _of) as owner (owner_key, environment_id)
                    inner join {{ dependent.relation }} as held on held.{{ dependent.owner.key }} = owner.owner_key
                    where held.{{ dependent.marker }} is null
                    group by owner.environment_id
                ) as held
                where
                    line.run_id = _run_id
                    and line.environment_id = held.environment_id
                    and line.kind = '{{ dependent.name }}'
                    and line.lane = 0;
                {%- endif %}
{% endmacro %}
