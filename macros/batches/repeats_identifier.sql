{# Whether the row `repeated` holds the identifier of the row `person`, as an SQL condition. #}
{% macro repeats_identifier(column) -%}
    repeated.{{ column.name }} = person.{{ column.identifies.column }}
    and repeated.{{ column.name }} <> ''
    {%- for _shared in column.identifies.within %}
    and repeated.{{ _shared }} = person.{{ _shared }}
    {%- endfor %}
{%- endmacro %}
