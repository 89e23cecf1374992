{#
    Whether a column with several keys may hold the key that the expression `key` is, as a condition that a GIN index serves; which
    rows do, keys_of_row tells. In JSON a key may be a number.
#}
{% macro may_hold_key(column, key) -%}
    {%- set _type, _name = retention.type_name(column.data_type)[0], retention.column_sql(column) -%}
    {%- if _type != 'jsonb' -%}
    {{ _name }} @> array[{{ key }}]::{{ _type }}
    {%- else -%}
        {%- set _elements = [] -%}
        {%- for _value in [key, 'cast(' ~ key ~ ' as numeric)'] -%}
            {%- set _element = 'jsonb_build_object(' ~ retention.sql_literal(column.key_at) ~ ', ' ~ _value ~ ')' if column.key_at else _value -%}
            {%- do _elements.append('jsonb_build_array(' ~ _element ~ ')') -%}
        {%- endfor -%}
    (
        {{ _name }} @> {{ _elements[0] }}
        or {{ _name }} @> case when {{ key }} ~ '^-?[0-9]+([.][0-9]+)?$' then {{ _elements[1] }} else {{ _elements[0] }} end
    )
    {%- endif -%}
{%- endmacro %}
