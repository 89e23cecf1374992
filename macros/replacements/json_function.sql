{# A call of one of our functions over a JSON column and the tree of its declared paths. #}
{% macro json_function(name, column) -%}
    {{ adapter.quote(env_var('RETENTION_SCHEMA', 'retention')) }}.{{ name }}(
            {{- retention.column_sql(column) }}::text::json, {{ retention.sql_literal(tojson(retention.json_tree(column))) }}::jsonb)
{%- endmacro %}
