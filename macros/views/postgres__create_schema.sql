{#
    How dbt makes the schema that views are built into; the role of somebody who looks may not, where nobody prepared one:
    says so, and what to do, before PostgreSQL says less.
#}
{% macro postgres__create_schema(relation) %}
    {%- do adapter.verify_database(relation.database) -%}
    {%- if target.name != 'nightly' and relation.schema == target.schema
        and not run_query("select has_database_privilege(current_database(), 'create')").rows[0][0] -%}
        {%- do exceptions.raise_compiler_error(
            "Building views in the schema " ~ relation.schema ~ ": expected it, or a role that may create it, found neither. Log in as "
            ~ retention.analyst_role() ~ ", or have the tables' owner say: create schema \"" ~ relation.schema
            ~ "\" authorization \"" ~ target.user ~ "\"; grant " ~ retention.analyst_role() ~ " to \"" ~ target.user ~ "\"."
        ) -%}
    {%- endif -%}
    {%- call statement('create_schema') -%}
        create schema if not exists {{ relation.without_identifier().include(database=false) }}
    {%- endcall -%}
{% endmacro %}
