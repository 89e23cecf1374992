{# The columns that repeat an identifier of a table, each with its own table: pairs of entries of the data map. #}
{% macro repeated_identifiers(table_name) %}
    {%- set _pairs = [] -%}
    {%- for _other in retention.data_map() -%}
        {%- for _column in retention.personal_columns(_other) if _column.identifies and _column.identifies.table == table_name -%}
            {%- do _pairs.append((_other, _column)) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(_pairs) }}
{% endmacro %}
