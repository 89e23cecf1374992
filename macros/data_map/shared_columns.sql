{#
    Within which columns a column's identifier is one person's: pairs of the own column and theirs. meta.identifies.within lists
    columns that both tables have, or says of each own column which one of theirs it is.
#}
{% macro shared_columns(column) %}
    {%- set _within = column.identifies.within or [] -%}
    {%- if _within is mapping -%}
        {{ return(_within.items() | list) }}
    {%- endif -%}
    {{ return(zip(_within, _within) | list) }}
{% endmacro %}
