{#
    Rows of one table that are marked as anonymized and hold a value, one for each column that does; keys only. The table is read
    once for all columns that PostgreSQL can judge by itself, by the condition of the index that may lead to such rows, and once
    more for each JSON column.
#}
{% macro values_left_behind(table) %}
{%- set _stored, _selects = retention.stored_columns(table), [] -%}
{%- if _stored -%}
{%- do _selects.append((_stored, retention.is_left_behind(table))) -%}
{%- endif -%}
{%- for _column in retention.personal_columns(table) if _column not in _stored -%}
{%- do _selects.append(([_column], 'not (' ~ retention.is_unmarked(table) ~ ') and ' ~ retention.holds_value(_column))) -%}
{%- endfor -%}
{%- for _columns, _condition in _selects %}
{{ 'union all' if not loop.first }}
select
    {{ retention.environment_of_row(table) }} as environment_id,
    '{{ table.name }}' as kind,
    cast({{ adapter.quote(table.key) }} as text) as row_id,
    left_behind.retention_column as column_name,
    'marked as anonymized, holds a value' as reason
from {{ table.relation }}
cross join lateral (
    values
    {%- for _column in _columns %}
    ('{{ _column.name }}', {{ retention.holds_value(_column) }}){{ ',' if not loop.last }}
    {%- endfor %}
) as left_behind (retention_column, retention_holds)
where {{ _condition }} and left_behind.retention_holds
{%- endfor %}
{% endmacro %}
