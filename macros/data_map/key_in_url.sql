{# The object key in a URL, as an SQL expression: what follows the base URL, decoded, without a query or fragment. #}
{% macro key_in_url(url, column) -%}
    {{ adapter.quote(env_var('RETENTION_SCHEMA', 'retention')) }}.url_decoded(split_part(split_part(
        substr({{ url }}, {{ column.base_url | length + 1 }}), '?', 1), '#', 1))
{%- endmacro %}
