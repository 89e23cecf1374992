{#
    Settings of the session that works batches, set outside any transaction. A batch is on disk before the next begins, and its
    pages go there bit by bit, so that the platform's commits never wait for much of ours, and no file goes before its row's
    change; what the owner of the server chose to wait for beyond its disk stays as chosen. A writer never waits long for us
    nor we for it, and the server notices within a second that the flow is gone, or within a minute that its machine fell silent.
#}
{% macro batch_session() %}
set lock_timeout = '100ms';
set client_connection_check_interval = '1s';
set tcp_keepalives_idle = 30;
set tcp_keepalives_interval = 10;
set tcp_keepalives_count = 3;
set idle_in_transaction_session_timeout = 0;
set statement_timeout = 0;
set row_security = off;
set jit = off;
set default_transaction_isolation = 'read committed';
set backend_flush_after = '1MB';
select set_config('synchronous_commit', replace(current_setting('synchronous_commit'), 'off', 'local'), false)
{% endmacro %}
