{#
    Between two batches: a pause when the database is behind, so that the platform comes first. As long as the batch took where
    it took more than twice what batches are to take, whatever this platform's have to, or a VACUUM works on the table; a second
    where a replica is more than ten seconds behind, which a role without pg_read_all_stats does not see.
#}
{% macro wait_while_behind(table, milliseconds) %}
            _pause := case
                when exists (select 1 from pg_stat_replication where replay_lag > interval '10 seconds') then 1
                when
                    _took > 2 * {{ milliseconds }} / 1000.0
                    or exists (select 1 from pg_stat_progress_vacuum where relid = '{{ table.relation }}'::regclass)
                    then least(_took, 1)
                else 0
            end;
            if _pause > 0 then
                perform pg_sleep(_pause);
            end if;
{% endmacro %}
