{# What a JSON column says of its paths that can't be meant; none when all is well. #}
{% macro json_problem(column) %}
    {%- if column.replacement != 'json' -%}
        {{ return(none) }}
    {%- elif column.paths is not mapping or not column.paths -%}
        {{ return("expected meta.paths, the paths to replace and by what, found none") }}
    {%- endif -%}
    {%- set _all = (column.paths.keys() | list) + (column.keeps or []) -%}
    {%- for _path in _all if not modules.re.match('^([^.\\[\\]]+|\\[\\])(\\.[^.\\[\\]]+|\\[\\])*$', _path) -%}
        {{ return("expected a path such as contact.name or items[].email, found '" ~ _path ~ "'") }}
    {%- endfor -%}
    {%- for _path, _what in column.paths.items() if _what not in ['empty', 'null', 'random_id'] -%}
        {{ return("expected the path '" ~ _path ~ "' to become empty, null or random_id, found '" ~ _what ~ "'") }}
    {%- endfor -%}
    {%- for _path in _all -%}
        {%- for _other in _all if _other != _path and (_other.startswith(_path ~ '.') or _other.startswith(_path ~ '[]')) -%}
            {{ return("expected one word for all below '" ~ _path ~ "', found '" ~ _other ~ "' too") }}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(none) }}
{% endmacro %}
