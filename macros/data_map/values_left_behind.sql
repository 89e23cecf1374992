{# Rows of one table that are marked as anonymized and hold a value in one personal column; keys only. #}
{% macro values_left_behind(table, column) %}
select
    {{ retention.environment_of_row(table) }} as environment_id,
    '{{ table.name }}' as kind,
    cast({{ adapter.quote(table.key) }} as text) as row_id,
    '{{ column.name }}' as column_name,
    'marked as anonymized, holds a value' as reason
from {{ table.relation }}
where not ({{ retention.is_unmarked(table) }}) and {{ retention.holds_value(column) }}
{% endmacro %}
