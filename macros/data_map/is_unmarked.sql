{# Whether a row of the platform's own table is not done yet, as an SQL condition. #}
{% macro is_unmarked(table) -%}
    {%- if table.marker == 'values' -%}
    ({{ retention.holds_any_value(table) }})
    {%- elif retention.has_marker_column(table) -%}
    {{ adapter.quote(table.marker) }} is null
    {%- else -%}
    not exists (
        select 1 from {{ retention.done_rows() }} as done
        where done.kind = '{{ table.name }}' and done.row_key = cast({{ adapter.quote(table.key) }} as text)
    )
    {%- endif -%}
{%- endmacro %}
