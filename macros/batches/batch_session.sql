{#
    Settings of the session that works batches, set outside any transaction. A batch is not waited for on disk: what a crash
    of the server takes back it takes back whole, row and queue and count, and the next run does it again; the end of each
    line is waited for, and all before it with it, so that no file goes before its row's change is on disk. A writer never
    waits long for us nor we for it, and the server notices within a second that the flow is gone, or within a minute that
    its machine fell silent.
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
set synchronous_commit = off
{% endmacro %}
