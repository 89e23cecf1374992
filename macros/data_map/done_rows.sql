{# The table of ours that says which rows are done, for platforms whose own tables must not change. #}
{% macro done_rows() %}
    {{ return(api.Relation.create(
        database=target.database, schema=env_var('RETENTION_SCHEMA', 'retention'), identifier='done_rows'
    )) }}
{% endmacro %}
