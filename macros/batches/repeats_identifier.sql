{# Whether the row `repeated` holds the identifier of the row `person`, as an SQL condition. #}
{% macro repeats_identifier(column) -%}
    repeated.{{ adapter.quote(column.name) }} = person.{{ adapter.quote(column.identifies.column) }}
    and repeated.{{ adapter.quote(column.name) }}::text <> ''
    {%- for _own, _theirs in retention.shared_columns(column) %}
    and repeated.{{ adapter.quote(_own) }} = person.{{ adapter.quote(_theirs) }}
    {%- endfor %}
{%- endmacro %}
