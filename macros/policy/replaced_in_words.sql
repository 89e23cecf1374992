{# What personal columns become, in words: `named` is a list of [name, column]; those that become the same stand together. #}
{% macro replaced_in_words(named) %}
    {%- set _by_word = {} -%}
    {%- for _name, _column in named -%}
        {%- do _by_word.setdefault(retention.becomes(_column), []).append(_name) -%}
    {%- endfor -%}
    {%- set _parts = [] -%}
    {%- for _word, _names in _by_word.items() -%}
        {%- do _parts.append(_names | join(', ') ~ ' → ' ~ _word) -%}
    {%- endfor -%}
    {{ return(_parts | join('; ')) }}
{% endmacro %}
