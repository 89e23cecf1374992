{# The column of the platform's own table that is the thin view's created_at; none where that is computed. #}
{% macro created_column(table) -%}
    {{ return(table.created or ('created_at' if 'created_at' in table.columns | map(attribute='name'))) }}
{%- endmacro %}
