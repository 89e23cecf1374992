{# The type of the environments' identifiers in a thin view: an array of a column's type can't be declared before PostgreSQL 17. #}
{% macro type_of_environments(thin) %}
    {{ return(run_query(
        "select format_type(atttypid, atttypmod) from pg_attribute where attrelid = '" ~ thin ~ "'::regclass"
        ~ " and attname = 'environment_id'"
    ).rows[0][0]) }}
{% endmacro %}
