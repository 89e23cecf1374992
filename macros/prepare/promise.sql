{# What every row of a table keeps, as an SQL condition: not marked, or no personal column holds a value (decision 15). #}
{% macro promise(table) -%}
    {%- set _held = [] -%}
    {%- for _column in retention.personal_columns(table) -%}
        {%- do _held.append(retention.holds_value(_column) | trim) -%}
    {%- endfor -%}
    {{ adapter.quote(table.marker) }} is null or not ({{ _held | join(' or ') if _held else 'false' }})
{%- endmacro %}
