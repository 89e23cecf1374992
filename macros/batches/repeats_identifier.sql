{# Whether the row `repeated` holds the identifier of the row `person`, as an SQL condition. #}
{% macro repeats_identifier(column) -%}
    repeated.{{ adapter.quote(column.name) }} = person.{{ adapter.quote(column.identifies.column) }}
    and repeated.{{ adapter.quote(column.name) }}::text <> ''
    {%- for _shared in column.identifies.within or [] %}
    and repeated.{{ adapter.quote(_shared) }} = person.{{ adapter.quote(_shared) }}
    {%- endfor %}
{%- endmacro %}
