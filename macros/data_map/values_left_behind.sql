{# Rows of one table that are marked as anonymized and hold a value in one personal column; keys only. #}
{% macro values_left_behind(table, column) %}
select
    cast(environment_id as text) as environment_id,
    '{{ table.name }}' as kind,
    cast({{ table.key }} as text) as row_id,
    '{{ column.name }}' as column_name,
    'marked as anonymized, holds a value' as reason
from {{ table.relation }}
where {{ table.marker }} is not null and {{ retention.holds_value(column) }}
{% endmacro %}
