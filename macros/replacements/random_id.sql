{#
    A unique value from PostgreSQL's cryptographic source, derived from nothing (M3), of the column's type and length; its
    shape can be checked: `anonymized-` and a UUID; a tilde and as many hexadecimal digits as fit; a UUID that begins with
    a0a0a0a0; a bigint below -2^62, where no platform counts. `column.begins`: an SQL expression of eight hexadecimal digits,
    drawn once for all rows of a statement, with which a long one begins, so that an index of them grows in one place.
#}
{% macro random_id(column={}) -%}
    {%- set _type, _length = retention.type_name(column.data_type) -%}
    {%- if _type == 'uuid' and column.begins -%}
    cast('a0a0a0a0-' || left({{ column.begins }}, 4) || substr(gen_random_uuid()::text, 14) as uuid)
    {%- elif _type == 'uuid' -%}
    cast('a0a0a0a0' || substr(gen_random_uuid()::text, 9) as uuid)
    {%- elif _type == 'bigint' -%}
    (-4611686018427387905 - (('x' || right(replace(gen_random_uuid()::text, '-', ''), 16))::bit(64)::bigint & 4611686018427387903))
    {%- elif _length and _length < 47 -%}
    '~' || left(replace(gen_random_uuid()::text, '-', ''), {{ [_length - 1, 32] | min }})
    {%- elif column.begins -%}
    'anonymized-' || {{ column.begins }} || substr(gen_random_uuid()::text, 9)
    {%- else -%}
    'anonymized-' || gen_random_uuid()
    {%- endif -%}
{%- endmacro %}
