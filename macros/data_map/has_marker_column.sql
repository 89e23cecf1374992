{# Whether a column of the platform's own table says that a row is done. #}
{% macro has_marker_column(table) -%}
    {{ return((table.marker or 'aside') not in ('aside', 'values')) }}
{%- endmacro %}
