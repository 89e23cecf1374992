{#
    The seconds that a batch aims at, as an SQL expression: `milliseconds`, or twice what a batch of a single row took where that
    is more, since what a batch costs whatever its rows no smaller one would save.
#}
{% macro time_aimed_at(milliseconds) -%}
    greatest({{ milliseconds }} / 1000.0, 2 * _least)
{%- endmacro %}
