{#
    For a thin view: the date on which the row was anonymized, null where it was not. Of rows that are done when they hold no
    personal value there is no date: the first of all.
#}
{% macro anonymized_on(table_name) -%}
    {%- if not execute -%}
    cast(null as date)
    {%- else -%}
        {%- set _table = retention.mapped_table(table_name) -%}
        {%- if _table.marker == 'values' -%}
    case when not ({{ retention.holds_any_value(_table) }}) then date '-infinity' end
        {%- elif retention.has_marker_column(_table) -%}
    {{ adapter.quote(_table.marker) }}
        {%- else -%}
    (
        select done.anonymized_on from {{ retention.done_rows() }} as done
        where done.kind = '{{ table_name }}' and done.row_key = cast({{ adapter.quote(_table.key) }} as text)
    )
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
