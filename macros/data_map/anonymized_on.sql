{#
    For a thin view: the date on which the row was anonymized, null where it was not. Of rows that are done when they hold no
    personal value there is no date: the first of all. `alias` is the table's where the view joins several. Of a table that
    several entries with owners name, the first date that one of them tells.
#}
{% macro anonymized_on(table_name, alias='') -%}
    {%- if not execute -%}
    cast(null as date)
    {%- else -%}
        {%- set _table = retention.mapped_table(table_name) -%}
        {%- set _dates = [] -%}
        {%- for _entry in [_table] + retention.other_entries(_table) -%}
            {%- if _entry.marker == 'values' -%}
                {%- do _dates.append('case when not (' ~ retention.holds_any_value(_entry, alias) ~ ") then date '-infinity' end") -%}
            {%- elif retention.has_marker_column(_entry) -%}
                {%- do _dates.append(retention.column_sql({'name': _entry.marker, 'alias': alias})) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- set _aside = retention.marked_aside(_table) -%}
        {%- if _aside -%}
            {%- set _date = 'done.anonymized_on' if _aside.startswith('=') else 'min(done.anonymized_on)' -%}
            {%- do _dates.append(
                '(\n        select ' ~ _date ~ ' from ' ~ retention.done_rows() ~ ' as done\n        where done.kind ' ~ _aside
                ~ ' and done.row_key = cast(' ~ retention.column_sql({'name': _table.key, 'alias': alias}) ~ ' as text)\n    )'
            ) -%}
        {%- endif -%}
        {%- set _dates = _dates | unique | list -%}
    {{ _dates[0] if _dates | length == 1 else 'least(' ~ _dates | join(', ') ~ ')' }}
    {%- endif -%}
{%- endmacro %}
