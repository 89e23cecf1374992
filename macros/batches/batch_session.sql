{#
    Settings of the session that works batches, set outside any transaction: a writer never waits long for us nor we for
    it, and the server notices within a second that the flow is gone.
#}
{% macro batch_session() %}
set lock_timeout = '100ms';
set client_connection_check_interval = '1s';
set idle_in_transaction_session_timeout = 0;
set statement_timeout = 0;
set default_transaction_isolation = 'read committed';
set synchronous_commit = on
{% endmacro %}
