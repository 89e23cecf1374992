{# Whether a run keeps the table of the users' last activity; for the nightly target only, which may read it. #}
{% macro has_activity() %}
    {%- if not execute or graph.sources is not defined or target.name != 'nightly' or retention.is_distributed() -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set _query -%}
        select 1
        from pg_class
        inner join pg_namespace on pg_class.relnamespace = pg_namespace.oid
        where
            pg_class.relname = 'user_activity'
            and pg_namespace.nspname = {{ retention.sql_literal(env_var('RETENTION_SCHEMA', 'retention')) }}
    {%- endset -%}
    {{ return(run_query(_query).rows | length > 0) }}
{% endmacro %}
