{# The rule of a declared table in one sentence: what becomes of which columns, and when. #}
{% macro rule_of_table(table, months) %}
    {%- set _by_word = {} -%}
    {%- for _column in retention.personal_columns(table) -%}
        {%- do _by_word.setdefault(retention.becomes(_column), []).append(_column.name) -%}
    {%- endfor -%}
    {%- set _parts = [] -%}
    {%- for _word, _names in _by_word.items() -%}
        {%- do _parts.append(_names | join(', ') ~ ' → ' ~ _word) -%}
    {%- endfor -%}
    {{ return(table.name ~ ': ' ~ (_parts | join('; ') if _parts else 'nothing is replaced') ~ ', ' ~ retention.when_due(table, months)) }}
{% endmacro %}
