{# What a column's replacement asks of its type that the type can't give; none when all is well. A type that is unknown here is taken at its word. #}
{% macro type_problem(column) %}
    {%- set _type, _length = retention.type_name(column.data_type) -%}
    {%- set _what = column.leaves if column.replacement == 'file' else column.replacement -%}
    {%- set _texts = ['text', 'character varying', 'varchar', 'citext'] -%}
    {%- set _others = ['integer', 'int', 'int4', 'smallint', 'int2', 'bigint', 'int8', 'numeric', 'decimal', 'real', 'double precision', 'boolean',
        'date', 'uuid', 'inet', 'cidr', 'macaddr', 'interval', 'money', 'point', 'oid'] -%}
    {%- set _found = column.data_type or 'no data_type' -%}
    {%- if _what == 'empty' and (_type in _others or _type.startswith('time')) -%}
        {{ return('expected a text column for the replacement empty, found ' ~ _found) }}
    {%- elif column.replacement == 'constant' and column.literal is not defined and (_type in _others or _type.startswith('time')) -%}
        {{ return('expected a text column for the replacement constant, or meta.literal, found ' ~ _found) }}
    {%- elif _what == 'random_id' and _type not in _texts + ['uuid', 'bigint'] -%}
        {{ return('expected text, uuid or bigint for the replacement random_id, which must stay unique, found ' ~ _found) }}
    {%- elif _what == 'random_id' and _length and _length < 21 -%}
        {{ return('expected room for 21 characters for the replacement random_id, which must stay unique, found ' ~ _found) }}
    {%- elif _what == 'day' and not _type.startswith('timestamp with time zone') and _type != 'timestamptz' -%}
        {{ return('expected a timestamp with time zone for the replacement day, found ' ~ _found) }}
    {%- elif _what == 'json' and _type not in ['json', 'jsonb'] -%}
        {{ return('expected a json or jsonb column for the replacement json, found ' ~ _found) }}
    {%- endif -%}
    {{ return(none) }}
{% endmacro %}
