{# The one random value of a person, `named.random_id`, as the type of a column that repeats the identifier. #}
{% macro id_of_person(column) -%}
    {%- set _type, _length = retention.type_name(column.data_type) -%}
    {%- if _type == 'uuid' -%} cast('a0a0a0a0' || substr(named.random_id, 20) as uuid)
    {%- elif _type == 'bigint' -%}
    (-4611686018427387905 - (('x' || right(replace(named.random_id, '-', ''), 16))::bit(64)::bigint & 4611686018427387903))
    {%- elif _length and _length < 47 -%} '~' || left(replace(substr(named.random_id, 12), '-', ''), {{ [_length - 1, 32] | min }})
    {%- else -%} named.random_id
    {%- endif -%}
{%- endmacro %}
