{#
    Rows of one table that hold a random identifier and are not marked as anonymized; keys only. Of a table that several
    entries name a row is marked where one of them marks it.
#}
{% macro cleared_markers(table) %}
select
    {{ retention.environment_of_row(table) }} as environment_id,
    '{{ table.name }}' as kind,
    cast({{ adapter.quote(table.key) }} as text) as row_id,
    'holds an anonymized identifier, is not marked as anonymized' as reason
from {{ table.relation }}
where
    {%- for _entry in retention.data_map() | selectattr('relation', 'equalto', table.relation) if _entry.marker %}
    {{ retention.is_unmarked(_entry) }} and
    {%- endfor %}
    (
        {%- for _column in retention.telling_columns(table) %}
        {{ 'or ' if not loop.first }}({{ retention.is_random_id(_column) }})
        {%- endfor %}
    )
{% endmacro %}
