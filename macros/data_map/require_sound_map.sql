{#
    Refuses a data map in which a table or column says something that can't be meant, by the first one found: a slip in a
    word would otherwise leave personal values where they are, and look like done. Returns the tables as they are.
#}
{% macro require_sound_map(tables) %}
    {%- set _problems = [] -%}
    {%- for _table in tables if not _problems -%}
        {%- set _problem = retention.table_problem(_table, tables) -%}
        {%- if _problem -%}{%- do _problems.append(_table.name ~ ': ' ~ _problem) -%}{%- endif -%}
        {%- for _column in _table.columns if not _problems -%}
            {%- set _problem = retention.column_problem(_column, _table) or retention.identifies_problem(_column, _table, tables) -%}
            {%- if _problem -%}{%- do _problems.append(_table.name ~ '.' ~ _column.name ~ ': ' ~ _problem) -%}{%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if _problems -%}
        {%- do exceptions.raise_compiler_error(
            'Reading the data map, ' ~ _problems[0] ~ ". Mend it in the sources' YAML."
        ) -%}
    {%- endif -%}
    {{ return(tables) }}
{% endmacro %}
