{#
    The declared paths of a JSON column as a tree, its leaves what replaces them or `keep`: `items[].email` is
    {items: {[]: {email: …}}}.
#}
{% macro json_tree(column) %}
    {%- set _tree = {} -%}
    {%- set _leaves = (column.paths or {}).items() | list -%}
    {%- for _path in column.keeps or [] -%}
        {%- do _leaves.append((_path, 'keep')) -%}
    {%- endfor -%}
    {%- for _path, _what in _leaves -%}
        {%- set _steps = (_path | replace('[]', '.[]')).split('.') | select | list -%}
        {%- set _at = namespace(branch=_tree) -%}
        {%- for _step in _steps[:-1] -%}
            {%- if _at.branch[_step] is not mapping -%}
                {%- do _at.branch.update({_step: {}}) -%}
            {%- endif -%}
            {%- set _at.branch = _at.branch[_step] -%}
        {%- endfor -%}
        {%- do _at.branch.update({_steps[-1]: _what}) -%}
    {%- endfor -%}
    {{ return(_tree) }}
{% endmacro %}
