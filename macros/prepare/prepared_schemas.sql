{# The schemas that are ours and whose they are, as a query: schema_name, role_name. Analysts create in one of their own. #}
{% macro prepared_schemas() %}
    {%- set _schema = env_var('RETENTION_SCHEMA', 'retention') -%}
    select * from (
        values
        ({{ retention.sql_literal(_schema) }}, '{{ retention.runner_role() }}'),
        ({{ retention.sql_literal(_schema ~ '_' ~ retention.analyst_role()) }}, '{{ retention.analyst_role() }}')
    ) as prepared (schema_name, role_name)
{% endmacro %}
