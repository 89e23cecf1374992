{# Whether a declared column of a table can hold a size in bytes: whole numbers, by its data type. #}
{% macro states_bytes(name, table) %}
    {%- set _whole = ['smallint', 'int2', 'integer', 'int', 'int4', 'bigint', 'int8'] -%}
    {%- set _columns = table.columns | selectattr('name', 'equalto', name) | list -%}
    {{ return(_columns | length == 1 and retention.type_name(_columns[0].data_type)[0] in _whole) }}
{% endmacro %}
