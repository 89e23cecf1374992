{#
    That an update changed a column's bytes, as an SQL condition over `old` and `new`. Types of which two equal values have equal
    bytes are compared as they are, which costs least; any other, which may have no equality at all, as a record.
#}
{% macro is_moved(column) -%}
    {%- set _name = adapter.quote(column.name) -%}
    {%- set _type = (column.data_type or '').split('(')[0] -%}
    {%- if _type in ('bigint', 'integer', 'smallint', 'boolean', 'date', 'uuid', 'timestamp with time zone', 'timestamp without time zone') -%}
    old.{{ _name }} is distinct from new.{{ _name }}
    {%- elif _type in ('text', 'character varying') -%}
    old.{{ _name }} collate "C" is distinct from new.{{ _name }} collate "C"
    {%- else -%}
    row(old.{{ _name }})::record *<> row(new.{{ _name }})::record
    {%- endif -%}
{%- endmacro %}
