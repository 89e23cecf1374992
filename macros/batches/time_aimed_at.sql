{#
    The seconds that a batch aims at, as an SQL expression: `milliseconds`, or twice what the quickest batch of a single row took
    where that is more, a tenth of a second more at most, since what a batch costs whatever its rows no smaller one would save.
#}
{% macro time_aimed_at(milliseconds) -%}
    greatest({{ milliseconds }} / 1000.0, least(2 * _least, _least + 0.1))
{%- endmacro %}
