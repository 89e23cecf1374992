{# Rows of one table that hold a random identifier and that none of its entries marks as anonymized; keys only. #}
{% macro cleared_markers(table) %}
select
    {{ retention.environment_of_row(table) }} as environment_id,
    '{{ table.name }}' as kind,
    cast({{ adapter.quote(table.key) }} as text) as row_id,
    'holds an anonymized identifier, is not marked as anonymized' as reason
from {{ table.relation }}
where
    {%- for _entry in retention.data_map() if _entry.relation == table.relation %}
    {{ 'and ' if not loop.first }}{{ retention.is_unmarked(_entry) }}
    {%- endfor %}
    and (
        {%- for _column in retention.telling_columns(table) %}
        {{ 'or ' if not loop.first }}({{ retention.is_random_id(_column) }})
        {%- endfor %}
    )
{% endmacro %}
