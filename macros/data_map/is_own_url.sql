{# Whether a URL leads to a store of ours, as an SQL condition: it begins with the base URL. #}
{% macro is_own_url(url, column) -%}
    starts_with({{ url }}, {{ retention.sql_literal(column.base_url) }})
{%- endmacro %}
