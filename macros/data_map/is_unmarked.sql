{#
    Whether a row of the platform's own table is not done yet, as an SQL condition. Of a table that several entries with owners
    name it is done for all of them when one says so.
#}
{% macro is_unmarked(table) -%}
    {%- set _conditions = [] -%}
    {%- for _entry in [table] + retention.other_entries(table) -%}
        {%- if _entry.marker == 'values' -%}
            {%- do _conditions.append('(' ~ retention.holds_any_value(_entry) ~ ')') -%}
        {%- elif retention.has_marker_column(_entry) -%}
            {%- do _conditions.append(adapter.quote(_entry.marker) ~ ' is null') -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set _aside = retention.marked_aside(table) -%}
    {%- if _aside -%}
        {%- do _conditions.append(
            'not exists (\n        select 1 from ' ~ retention.done_rows() ~ ' as done\n        where done.kind ' ~ _aside
            ~ ' and done.row_key = cast(' ~ adapter.quote(table.key) ~ ' as text)\n    )'
        ) -%}
    {%- endif -%}
    {{ _conditions | unique | join(' and ') }}
{%- endmacro %}
