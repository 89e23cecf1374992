{#
    The most rows that a line may do: what the brake has judged, and the thousand that it lets pass unjudged, so that rows
    which appear behind the cutoff while the run works wait for the next one's brake. Null, no bound, for what a person approved.
#}
{% macro most_rows_of_line(kind) -%}
(
            select 1000 + sum(judged.due)
            from {{ source('ledger', 'run_lines') }} as judged
            inner join {{ source('ledger', 'runs') }} as run on judged.run_id = run.run_id
            where
                judged.run_id = _run_id
                and judged.environment_id = _line.environment_id
                and judged.kind = '{{ kind }}'
                and judged.approval_id is null
                and not run.is_approved
        )
{%- endmacro %}
