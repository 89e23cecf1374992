{# What a column of the data map says that can't be meant, as 'expected …, found …'; none when all is well. #}
{% macro column_problem(column, table) %}
    {%- set _known = ['empty', 'null', 'random_id', 'constant', 'day', 'file', 'json'] -%}
    {%- set _says_replacement = 'replacement' in column -%}
    {%- set _bound = {table.key: 'the key', table.marker: 'the marker'} -%}
    {%- if column.decide -%}
        {{ return("a person has to decide first: " ~ column.decide) }}
    {%- elif not _says_replacement and 'personal' not in column -%}
        {{ return('expected meta.replacement, or meta.personal false and why, found neither') }}
    {%- elif _says_replacement and 'personal' in column -%}
        {{ return('expected meta.replacement or meta.personal, found both') }}
    {%- elif not _says_replacement and column.personal is not sameas false -%}
        {{ return("expected meta.personal to be false where nothing replaces the column, found '" ~ column.personal ~ "'") }}
    {%- elif not _says_replacement and not column.why -%}
        {{ return('expected meta.why, the reason that it is not personal, found none') }}
    {%- elif not _says_replacement -%}
        {{ return(none) }}
    {%- elif column.replacement not in _known -%}
        {%- set _hint = ' (in YAML, null is written in quotes)' if column.replacement is none else '' -%}
        {{ return('expected meta.replacement to be one of ' ~ _known | join(', ') ~ ", found '" ~ column.replacement ~ "'" ~ _hint) }}
    {%- elif column.name in _bound -%}
        {{ return('expected ' ~ _bound[column.name] ~ ' to stay as it is, found the replacement ' ~ column.replacement) }}
    {%- elif column.replacement == 'constant' and not column.value and column.literal is not defined -%}
        {{ return('expected meta.value, the name of a dbt var, or meta.literal, found none') }}
    {%- elif column.shown_by and column.shown_by not in table.columns | map(attribute='name') -%}
        {{ return("expected meta.shown_by, a declared column, found '" ~ column.shown_by ~ "'") }}
    {%- endif -%}
    {{ return(retention.type_problem(column) or (retention.file_problem(column, table) if column.replacement == 'file') or retention.json_problem(column)) }}
{% endmacro %}
