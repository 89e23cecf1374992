{#
    Whether a column still holds something other than its replacement, as an SQL condition; null holds nothing. `at_a_glance`:
    the characters of a random identifier are not looked at.
#}
{% macro holds_value(column, at_a_glance=false) -%}
    {%- set _what = column.leaves if column.replacement == 'file' else column.replacement -%}
    {%- set _name = retention.column_sql(column) -%}
    {%- if _what == 'null' -%}
        {{ _name }} is not null
    {%- elif _what == 'random_id' -%}
        coalesce(not ({{ retention.is_random_id(column, at_a_glance) }}), false)
    {%- elif _what == 'json' -%}
        coalesce({{ retention.json_function('holds_json', column) }}, false)
    {%- elif retention.type_name(column.data_type)[0] in ('json', 'jsonb') -%}
        coalesce({{ _name }}::text <> {{ retention.replacement(column) }}, false)
    {%- else -%}
        coalesce({{ _name }} <> {{ retention.replacement(column) }}, false)
    {%- endif -%}
{%- endmacro %}
