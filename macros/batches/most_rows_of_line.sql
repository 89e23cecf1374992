{#
    The most rows that a line may do: what the brake has judged, and the thousand that it lets pass unjudged, so that rows
    which appear behind the cutoff while the run works wait for the next one's brake. Null, no bound, for what a person approved.
#}
{% macro most_rows_of_line(kind) -%}
(
            select case when not bool_or(run.is_approved or judged.approval_id is not null) then 1000 + sum(judged.due) end
            from {{ source('ledger', 'run_lines') }} as judged
            inner join {{ source('ledger', 'runs') }} as run on judged.run_id = run.run_id
            where
                judged.run_id = _run_id
                and judged.environment_id = _line.environment_id
                and judged.kind = '{{ kind }}'
        )
{%- endmacro %}
