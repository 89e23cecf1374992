{# What a personal column becomes, in words. #}
{% macro becomes(column) %}
    {%- set _words = {'empty': 'empty', 'null': 'null', 'random_id': 'a random identifier', 'day': 'the day of its instant'} -%}
    {%- if column.replacement == 'constant' -%}
        {{ return("'" ~ (column.literal if column.literal is defined else var(column.value or '', column.value)) ~ "'") }}
    {%- elif column.replacement == 'file' -%}
        {{ return(_words.get(column.leaves, 'empty') ~ ' (its file is deleted)') }}
    {%- elif column.replacement == 'json' -%}
        {%- set _paths = [] -%}
        {%- for _path, _what in (column.paths or {}).items() -%}
            {%- do _paths.append(_path ~ ' ' ~ _words.get(_what, _what)) -%}
        {%- endfor -%}
        {{ return('the same but for ' ~ _paths | join(', ')) }}
    {%- endif -%}
    {{ return(_words.get(column.replacement, column.replacement)) }}
{% endmacro %}
