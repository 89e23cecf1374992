{# Rows of one table that hold a random identifier and are not marked as anonymized; keys only. #}
{% macro cleared_markers(table) %}
select
    {{ retention.environment_of_row(table) }} as environment_id,
    '{{ table.name }}' as kind,
    cast({{ adapter.quote(table.key) }} as text) as row_id,
    'holds an anonymized identifier, is not marked as anonymized' as reason
from {{ table.relation }}
where {{ retention.is_cleared(table) }}
{% endmacro %}
