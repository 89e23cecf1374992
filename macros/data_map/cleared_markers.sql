{#
    Rows of one table that hold a random identifier and are not marked as anonymized; keys only. Of a table that several
    entries name a row is marked where one of them marks it, and tells by the columns of all of them.
#}
{% macro cleared_markers(table) %}
{%- set _entries = retention.data_map() | selectattr('relation', 'equalto', table.relation) | list -%}
{%- set _columns = {} -%}
{%- for _entry in _entries -%}
{%- for _column in retention.telling_columns(_entry) -%}{%- do _columns.update({_column.name: _column}) -%}{%- endfor -%}
{%- endfor %}
select
    {{ retention.environment_of_row(table) }} as environment_id,
    '{{ table.name }}' as kind,
    cast({{ adapter.quote(table.key) }} as text) as row_id,
    'holds an anonymized identifier, is not marked as anonymized' as reason
from {{ table.relation }}
where
    {%- for _entry in _entries if _entry.marker %}
    {{ retention.is_unmarked(_entry) }} and
    {%- endfor %}
    (
        {%- for _column in _columns.values() %}
        {{ 'or ' if not loop.first }}({{ retention.is_random_id(_column) }})
        {%- endfor %}
    )
{% endmacro %}
