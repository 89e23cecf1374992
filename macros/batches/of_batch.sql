{# That a row of the platform's own table is one of the batch, as an SQL condition; in one environment where tables are distributed. #}
{% macro of_batch(table, keys) -%}
    {% if retention.is_distributed() %}{{ retention.is_here(table) }} and {% endif -%}
    {{ adapter.quote(table.key) }} = any({{ keys }})
{%- endmacro %}
