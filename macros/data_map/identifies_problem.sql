{# What a column says of the identifier that it repeats that can't be meant; none when all is well. #}
{% macro identifies_problem(column, table, tables) %}
    {%- set _names = column.identifies if column.identifies is mapping else {} -%}
    {%- set _other = tables | selectattr('name', 'equalto', _names.table) | first -%}
    {%- set _theirs = (_other.columns | map(attribute='name') | list) if _other else [] -%}
    {%- set _own = table.columns | map(attribute='name') | list -%}
    {%- if not column.identifies -%}
        {{ return(none) }}
    {%- elif not _other -%}
        {{ return("expected meta.identifies.table, a declared table, found '" ~ (_names.table or '') ~ "'") }}
    {%- elif _names.column not in _theirs -%}
        {{ return('expected meta.identifies.column, a column of ' ~ _other.name ~ ", found '" ~ (_names.column or '') ~ "'") }}
    {%- endif -%}
    {%- for _here, _there in retention.shared_columns(column) if _here not in _own or _there not in _theirs -%}
        {{ return("expected meta.identifies.within, columns of both tables, or its own with theirs, found '" ~ (_here if _here not in _own else _there) ~ "'") }}
    {%- endfor -%}
    {{ return(none) }}
{% endmacro %}
