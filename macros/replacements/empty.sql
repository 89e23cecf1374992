{# The empty value of a column's type, as a literal: of an array, of a JSON object or array (meta.shape), of text and what reads as text. #}
{% macro empty(column) -%}
    {%- set _type = retention.type_name(column.data_type)[0] -%}
    {%- if _type.endswith('[]') -%} '{}'
    {%- elif _type in ('json', 'jsonb') -%} {{ "'[]'" if column.shape == 'array' or column.holds in ['keys', 'urls'] else "'{}'" }}
    {%- else -%} ''
    {%- endif -%}
{%- endmacro %}
