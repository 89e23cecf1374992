{#
    Whether a run keeps what it remembers of the users' last activity; for the nightly target only, and a role that may read
    it: the command `forecast` is answered for that target to analysts too, who may not, and so sought among all.
#}
{% macro has_activity() %}
    {%- if not execute or graph.sources is not defined or target.name != 'nightly' or retention.is_distributed() -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set _query -%}
        select 1
        from pg_class
        inner join pg_namespace on pg_class.relnamespace = pg_namespace.oid
        where
            pg_class.relname in ('user_activity', 'activity_state')
            and has_table_privilege(pg_class.oid, 'select')
            and pg_namespace.nspname = {{ retention.sql_literal(env_var('RETENTION_SCHEMA', 'retention')) }}
    {%- endset -%}
    {{ return(run_query(_query).rows | length == 2) }}
{% endmacro %}
