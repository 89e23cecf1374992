{#
    Begins a batch. One that locks nothing first waits for others 10 ms at most, and notes before its look how old the oldest
    transaction is that may still change what it looks at.
#}
{% macro begin_batch(table, thin) %}
                _failed := false;
    {%- if retention.may_write_at_once(table, thin) %}
                if not _locks_first then
                    perform set_config('lock_timeout', '10ms', true);
                    _youngest := age(pg_snapshot_xmin(pg_current_snapshot())::xid);
                end if;
    {%- endif %}
{%- endmacro %}
