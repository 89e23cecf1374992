{# Whether a row holds something else than its replacement in one of its personal columns, as an SQL condition. #}
{% macro holds_any_value(table, alias='') -%}
    {%- for _column in retention.personal_columns(table) -%}
    {{ retention.holds_value(dict(_column, alias=alias)) }}{{ ' or ' if not loop.last }}
    {%- else -%}
    false
    {%- endfor -%}
{%- endmacro %}
