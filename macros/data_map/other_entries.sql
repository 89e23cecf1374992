{#
    The other entries of one table whose rows go with owners as its own do: a row is done for all of them at once, with the
    last owner that any of them shows.
#}
{% macro other_entries(table) %}
    {%- if not table.owner -%} {{ return([]) }} {%- endif -%}
    {{ return(retention.data_map() | selectattr('owner') | selectattr('relation', 'equalto', table.relation) | rejectattr('name', 'equalto', table.name) | list) }}
{% endmacro %}
