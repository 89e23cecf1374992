{# What every row of a table keeps, as an SQL condition: not marked, or no personal column holds a value (decision 15). #}
{% macro promise(table) -%}
    {%- set _held = [] -%}
    {#- A constraint of the platform's stands on nothing of ours: declared paths of JSON are left out. -#}
    {%- for _column in retention.personal_columns(table) if _column.replacement != 'json' -%}
        {%- do _held.append(retention.holds_value(_column) | trim) -%}
    {%- endfor -%}
    {{ adapter.quote(table.marker) }} is null or not ({{ _held | join(' or ') if _held else 'false' }})
{%- endmacro %}
