{#
    Of a row that an update returns: which figure would be counted differently, with the row's Paris day before it, as an SQL
    expression of text; null where none is. Reads `old`, which PostgreSQL 18 and later return.
#}
{% macro moved_figure(table) -%}
    {%- set _kept = retention.kept_columns(table) -%}
    {%- set _is_dated = 'created_at' in _kept | map(attribute='name') -%}
    {%- set _day = "(old.created_at at time zone 'Europe/Paris')::date" if _is_dated else "'an unknown day'" -%}
    {%- if not _kept -%}
    null::text
    {%- else -%}
    case when {% for _column in _kept %}{{ 'or ' if not loop.first }}{{ retention.is_moved(_column) }} {% endfor -%} then case
        {%- for _column in _kept %}
                            when {{ retention.is_moved(_column) }}
                                then format('S1: {{ table.name }} of %s would be counted differently by {{ _column.name }}', {{ _day }})
        {%- endfor %}
                        end end
    {%- endif -%}
{%- endmacro %}
