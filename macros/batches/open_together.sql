{#
    The lines that may be worked together now, at most a hundred: those that a person released, and those that have not done as
    much as the brake has judged. Of these a batch takes no more than its lane's part of the thousand that may go unjudged.
#}
{% macro open_together(kind) %}
            select
                array_agg(environment.environment_id), array_agg(line.environment_id), array_agg(line.cutoff),
                max(line.cutoff), min(line.oldest_due_at), sum(line.due), bool_and(line.is_released)
            into _environment_ids, _names, _cutoffs, _horizon, _until, _most, _is_released
            from (
                select
                    judged.environment_id, judged.cutoff, judged.oldest_due_at, judged.due,
                    run.is_approved or judged.approval_id is not null as is_released
                from {{ source('ledger', 'run_lines') }} as judged
                inner join {{ source('ledger', 'runs') }} as run on judged.run_id = run.run_id
                where
                    judged.run_id = _run_id
                    and judged.kind = '{{ kind }}'
                    and judged.lane = 0
                    and judged.state = 'open'
                    and judged.due > 0
                    and (
                        run.is_approved or judged.approval_id is not null
                        or judged.due > (
                            select sum(each_lane.anonymized) from {{ source('ledger', 'run_lines') }} as each_lane
                            where
                                each_lane.run_id = judged.run_id
                                and each_lane.environment_id = judged.environment_id
                                and each_lane.kind = judged.kind
                        )
                    )
                order by judged.due desc, judged.environment_id
                limit 100
            ) as line
            inner join {{ retention.thin_view('environments') }} as environment
                on line.environment_id = cast(environment.environment_id as text);
{% endmacro %}
