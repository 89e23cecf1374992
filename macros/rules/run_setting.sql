{#
    What the run at hand fixed, `as_of` or `run_id`: dbt's var of that name, else the environment variable that the flow
    sets (RETENTION_AS_OF, RETENTION_RUN_ID), else none. Not read while parsing: the parse then outlives the run, where
    another set of vars would make dbt parse the whole project again.
#}
{% macro run_setting(name) -%}
    {%- set _given = var(name, none) -%}
    {%- if _given is none and execute -%}
        {%- set _given = env_var('RETENTION_' ~ name | upper, '') or none -%}
    {%- endif -%}
    {{ return(_given) }}
{%- endmacro %}
