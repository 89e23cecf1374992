{#
    Of a row that an update returns: which figure would be counted differently, with the row's Paris day before it, as an SQL
    expression of text; null where none is. Reads `old`, which PostgreSQL 18 and later return.
#}
{% macro moved_figure(table) -%}
    {%- set _names = retention.kept_columns(table) | map(attribute='name') | list -%}
    {%- set _day = "(old.created_at at time zone 'Europe/Paris')::date" if 'created_at' in _names else "'an unknown day'" -%}
    case
        {%- for _name in _names %}
                            when old.{{ adapter.quote(_name) }} is distinct from new.{{ adapter.quote(_name) }}
                                then format('S1: {{ table.name }} of %s would be counted differently by {{ _name }}', {{ _day }})
        {%- else %} when false then '' {%- endfor %}
                        end
{%- endmacro %}
