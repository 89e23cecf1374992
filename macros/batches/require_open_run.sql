{#
    Stops the loop unless the run is open and alive: a run id that is passed by hand, or replayed by `dbt retry`, opens
    nothing, and the loop of a flow that died ends with its next batch. Holds the run's row until the commit, so that
    the next run, which closes and seals that of a dead flow, waits for its last batch and nothing is written after it.
#}
{% macro require_open_run() %}
            if not exists (
                select 1
                from {{ source('ledger', 'runs') }} as run
                inner join pg_locks as lock
                    on
                        lock.locktype = 'advisory'
                        and lock.classid = {{ retention.lock_namespace() }}
                        and lock.objid = run.run_id::integer::oid
                        and lock.objsubid = 2
                        and lock.granted
                        and lock.database = (select oid from pg_database where datname = current_database())
                where run.run_id = _run_id and run.finished_at is null and not run.dry_run
                for share of run
            ) then
                raise exception using
                    message = format(
                        'Anonymizing for run %s: expected the run to be open and its session alive, found it is not. '
                        'Nothing was changed by this command; start a run with: retention run', _run_id
                    ),
                    errcode = 'object_not_in_prerequisite_state';
            end if;
{% endmacro %}
