{# Whether the column that names a row's owner has the type of the owner's key, so that an index of either is of use. #}
{% macro is_of_one_type(table, owner) %}
    {%- set _named = table.columns | selectattr('name', 'equalto', table.owner.key) | map(attribute='data_type') | list -%}
    {%- set _keys = owner.columns | selectattr('name', 'equalto', owner.key) | map(attribute='data_type') | list -%}
    {{ return(_named | length == 1 and _named == _keys and _named[0]) }}
{% endmacro %}
