{#
    The ledger's counts of the batch by environment, in its transaction. `is_shared`: a batch of several lines, which share
    the time since the one before: its own, and that of looks which found nothing.
#}
{% macro count_batch(kind, is_shared=false) %}
                update {{ source('ledger', 'run_lines') }} as line set
                    anonymized = line.anonymized + done.rows,
                    dependents = line.dependents + done.dependents,
                    files_queued = line.files_queued + done.files,
                    {%- if is_shared %}
                    seconds = line.seconds + extract(epoch from clock_timestamp() - _turn_began) * done.rows / _found,
                    {%- endif %}
                    batches = line.batches + 1
                from (
                    select
                        environment_id,
                        sum(is_row) as rows,
                        sum(is_dependent) as dependents,
                        sum(is_file) as files
                    from (
                        select unnest(_of) as environment_id, 1 as is_row, 0 as is_dependent, 0 as is_file
                        union all
                        select unnest(_dependents_of), 0, 1, 0
                        union all
                        select unnest(_queued_of), 0, 0, 1
                    ) as counted
                    group by environment_id
                ) as done
                where
                    line.run_id = _run_id
                    and line.environment_id = done.environment_id
                    and line.kind = '{{ kind }}'
                    and line.lane = _lane;
                {%- if is_shared %}
                _turn_began := case when _found > 0 then clock_timestamp() else _turn_began end;
                {%- endif %}
{% endmacro %}
