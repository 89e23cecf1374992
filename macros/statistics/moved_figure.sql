{#
    Of a row that an update returns: which figure would be counted differently, with the row's Paris day before it, as an SQL
    expression of text; null where none is. Reads `old`, which PostgreSQL 18 and later return; compares bytes, since not every
    type has an equality, and all columns at once before it asks which.
#}
{% macro moved_figure(table) -%}
    {%- set _names = retention.kept_columns(table) | map(attribute='name') | list -%}
    {%- set _day = "(old.created_at at time zone 'Europe/Paris')::date" if 'created_at' in _names else "'an unknown day'" -%}
    {%- if not _names -%}
    null::text
    {%- else -%}
    case when {{ retention.row_of('old', _names) }} *<> {{ retention.row_of('new', _names) }} then case
        {%- for _name in _names %}
                            when {{ retention.row_of('old', [_name]) }} *<> {{ retention.row_of('new', [_name]) }}
                                then format('S1: {{ table.name }} of %s would be counted differently by {{ _name }}', {{ _day }})
        {%- endfor %}
                        end end
    {%- endif -%}
{%- endmacro %}
