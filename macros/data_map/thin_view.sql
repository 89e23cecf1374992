{# The shared view of a table under our names, for SQL that is generated from the data map. #}
{% macro thin_view(name) %}
    {{ return(api.Relation.create(
        database=target.database, schema=env_var('RETENTION_SCHEMA', 'retention'), identifier='platform_' ~ name
    )) }}
{% endmacro %}
