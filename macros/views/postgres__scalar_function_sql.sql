{#
    How dbt builds a function: it runs with its owner's rights, so that a connector needs none on our tables, with a fixed
    search path, and is executed by nobody until it is granted. Replaced in place: what was granted stays.
#}
{% macro postgres__scalar_function_sql(target_relation) %}
    {%- do retention.refuse_outside_nightly() -%}
    {%- set _types = model.arguments | map(attribute='data_type') | join(', ') -%}
    create or replace function {{ target_relation.render() }} ({{ formatted_scalar_function_args_sql() }})
    returns {{ model.returns.data_type }}
    {{ scalar_function_volatility_sql() }}
    security definer
    set search_path = pg_catalog, pg_temp
    as
    {{ scalar_function_body_sql() }};
    revoke execute on function {{ target_relation.render() }} ({{ _types }}) from public
{% endmacro %}
