{# A list of names as an SQL array of text. #}
{% macro sql_array(names) -%}
    array[{% for _name in names %}{{ retention.sql_literal(_name) }}{{ ', ' if not loop.last }}{% endfor %}]::text[]
{%- endmacro %}
