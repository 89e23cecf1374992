{#
    Without a foreign key an insert does not touch the author's row, so its lock protects nothing. Then this waits until
    every transaction that was writing to the table when the rows had been locked has ended, 100 ms at most; past that
    the batch is left for later.
#}
{% macro wait_for_writers(table, written) %}
    {%- set _written = retention.mapped_table(written).relation %}
                if cardinality(_keys) > 0 and not exists (
                    select 1
                    from pg_constraint
                    where
                        contype = 'f'
                        and conrelid = '{{ _written }}'::regclass
                        and confrelid = '{{ table.relation }}'::regclass
                ) then
                    _waited_since := clock_timestamp();
                    _writers := array(
                        select virtualtransaction
                        from pg_locks
                        where
                            relation = '{{ _written }}'::regclass
                            and mode = 'RowExclusiveLock'
                            and granted
                            and pid <> pg_backend_pid()
                    );
                    while exists (
                        select 1
                        from pg_locks
                        where relation = '{{ _written }}'::regclass and virtualtransaction = any(_writers)
                    ) loop
                        if clock_timestamp() > _waited_since + interval '100 milliseconds' then
                            raise exception using errcode = 'lock_not_available', message = 'a writer did not finish';
                        end if;
                        perform pg_sleep(0.005);
                    end loop;
                end if;
{% endmacro %}
