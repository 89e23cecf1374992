{# Some columns of one version of a row as one record, whose bytes can be compared. #}
{% macro row_of(version, names) -%}
    row({% for _name in names %}{{ version }}.{{ adapter.quote(_name) }}{{ ', ' if not loop.last }}{% endfor %})::record
{%- endmacro %}
