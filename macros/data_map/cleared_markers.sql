{# Rows of one table that hold a random identifier and are not marked as anonymized; keys only. #}
{% macro cleared_markers(table) %}
select
    cast(environment_id as text) as environment_id,
    '{{ table.name }}' as kind,
    cast({{ table.key }} as text) as row_id,
    'holds an anonymized identifier, is not marked as anonymized' as reason
from {{ table.relation }}
where
    {{ table.marker }} is null
    and (
        {%- for _column in retention.personal_columns(table) if _column.replacement == 'random_id' %}
        {{ 'or ' if not loop.first }}({{ retention.is_random_id(adapter.quote(_column.name)) }})
        {%- endfor %}
    )
{% endmacro %}
