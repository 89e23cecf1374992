{# The kinds of ledger line that tell of a table's changes: pairs of the kind and whether they count as dependents. #}
{% macro changed_with(table) %}
    {%- set _kinds = [(table.name, false)] -%}
    {%- if table.owner -%}
        {%- do _kinds.append((table.owner.table, true)) -%}
    {%- endif -%}
    {%- for _column in table.columns if _column.identifies and (_column.identifies.table, true) not in _kinds -%}
        {%- do _kinds.append((_column.identifies.table, true)) -%}
    {%- endfor -%}
    {{ return(_kinds) }}
{% endmacro %}
