{#
    Whether a column still holds something other than its replacement, as an SQL condition; null holds nothing. `at_a_glance`:
    the characters of a random identifier are not looked at.
#}
{% macro holds_value(column, at_a_glance=false) -%}
    {%- set _what = column.leaves if column.replacement == 'file' else column.replacement -%}
    {%- set _name = adapter.quote(column.name) -%}
    {%- if _what == 'null' -%}
        {{ _name }} is not null
    {%- elif _what == 'random_id' -%}
        coalesce(not ({{ retention.is_random_id(_name, at_a_glance) }}), false)
    {%- else -%}
        coalesce({{ _name }} <> {{ retention.replacement(dict(column, name=_name)) }}, false)
    {%- endif -%}
{%- endmacro %}
