{# The column of the platform's own table that holds the environment; none where the thin view finds it by a join. #}
{% macro environment_column(table) -%}
    {{ return(table.environment or ('environment_id' if 'environment_id' in table.columns | map(attribute='name'))) }}
{%- endmacro %}
