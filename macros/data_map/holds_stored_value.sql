{#
    Whether a row holds something else than its replacement in one of its personal columns, as an SQL condition that the database
    can keep by itself, in a constraint or an index: that stands on nothing of ours, so declared paths of JSON are left out.
#}
{% macro holds_stored_value(table) -%}
    {%- set _held = [] -%}
    {%- for _column in retention.stored_columns(table) -%}
        {%- do _held.append(retention.holds_value(_column) | trim) -%}
    {%- endfor -%}
    {{ _held | join(' or ') if _held else 'false' }}
{%- endmacro %}
