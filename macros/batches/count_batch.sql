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
                        count(*) filter (where what = 'row') as rows,
                        count(*) filter (where what = 'dependent') as dependents,
                        count(*) filter (where what = 'file') as files
                    from (
                        select unnest(_of) as environment_id, 'row' as what
                        union all
                        select unnest(_dependents_of), 'dependent'
                        union all
                        select unnest(_queued_of), 'file'
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
