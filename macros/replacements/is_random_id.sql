{#
    Whether a value of the column has the shape of a random identifier, as an SQL condition; null for null. One pattern for all
    of the long one costs four times as much, in every check of a constraint: dashes by place, their number, and then no
    other character. `at_a_glance`: how it begins, and its length in bytes.
#}
{% macro is_random_id(column, at_a_glance=false) -%}
    {%- set _name = retention.column_sql(column) -%}
    {%- set _type, _length = retention.type_name(column.data_type) -%}
    {%- if _type == 'uuid' -%}
    {{ _name }}::text like 'a0a0a0a0-%'
    {%- elif _type == 'bigint' -%}
    {{ _name }} < -4611686018427387904
    {%- elif _length and _length < 47 -%}
    {{ _name }} ~ '^~[0-9a-f]{ {{- [_length - 1, 32] | min -}} }$'
    {%- elif at_a_glance -%}
    {{ _name }} like 'anonymized-%' and octet_length({{ _name }}) = 47
    {%- else -%}
    {{ _name }} like 'anonymized-________-____-____-____-____________'
    and length(replace({{ _name }}, '-', '')) = 42
    and substr({{ _name }}, 12) !~ '[^0-9a-f-]'
    {%- endif -%}
{%- endmacro %}
