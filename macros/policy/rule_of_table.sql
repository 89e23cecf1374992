{# The rule of a declared table in one sentence: what becomes of which columns, and when. #}
{% macro rule_of_table(table, months) %}
    {%- set _named = [] -%}
    {%- for _column in retention.personal_columns(table) -%}
        {%- do _named.append([_column.name, _column]) -%}
    {%- endfor -%}
    {%- set _replaced = retention.replaced_in_words(_named) or 'nothing is replaced' -%}
    {{ return(table.name ~ ': ' ~ _replaced ~ ', ' ~ retention.when_due(table, months)) }}
{% endmacro %}
