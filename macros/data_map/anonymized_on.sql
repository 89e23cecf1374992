{#
    For a thin view: the date on which the row was anonymized, null where it was not. Of rows that are done when they hold no
    personal value there is no date: the first of all. `alias` is the table's where the view joins several.
#}
{% macro anonymized_on(table_name, alias='') -%}
    {%- if not execute -%}
    cast(null as date)
    {%- else -%}
        {%- set _table = retention.mapped_table(table_name) -%}
        {%- if _table.marker == 'values' -%}
    case when not ({{ retention.holds_any_value(_table, alias) }}) then date '-infinity' end
        {%- elif retention.has_marker_column(_table) -%}
    {{ retention.column_sql({'name': _table.marker, 'alias': alias}) }}
        {%- else -%}
    (
        select done.anonymized_on from {{ retention.done_rows() }} as done
        where done.kind = '{{ table_name }}' and done.row_key = cast({{ retention.column_sql({'name': _table.key, 'alias': alias}) }} as text)
    )
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
