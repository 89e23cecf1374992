{# All entries of the data map that name the table of one of them. #}
{% macro entries_of(table) %}
    {{ return(retention.data_map() | selectattr('relation', 'equalto', table.relation) | list) }}
{% endmacro %}
