{# What a column of the data map says that can't be meant, as 'expected …, found …'; none when all is well. #}
{% macro column_problem(column, table) %}
    {%- set _known = ['empty', 'null', 'random_id', 'constant', 'day', 'file'] -%}
    {%- set _type = (column.data_type or '') | lower -%}
    {%- set _is_text = not _type or _type.endswith('[]') or _type.split('(')[0] in ['text', 'varchar', 'character varying', 'char', 'character', 'citext', 'bpchar'] -%}
    {%- set _others = table.columns | map(attribute='name') | list -%}
    {%- set _says_replacement = 'replacement' in column -%}
    {%- set _bound = {table.key: 'the key', table.marker: 'the marker'} -%}
    {%- if not _says_replacement and 'personal' not in column -%}
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
    {%- elif column.replacement in ['empty', 'random_id', 'constant'] and not _is_text -%}
        {{ return('expected a text column for the replacement ' ~ column.replacement ~ ', found ' ~ _type) }}
    {%- elif column.replacement == 'day' and not _type.startswith('timestamp with time zone') and _type != 'timestamptz' -%}
        {{ return('expected a timestamp with time zone for the replacement day, found ' ~ (_type or 'no data_type')) }}
    {%- elif column.replacement == 'constant' and not column.value -%}
        {{ return('expected meta.value, the name of a dbt var, found none') }}
    {%- elif column.replacement == 'file' and column.bucket not in _others -%}
        {{ return("expected meta.bucket, the column with the file's bucket, found '" ~ (column.bucket or '') ~ "'") }}
    {%- elif column.replacement == 'file' and column.leaves not in ['empty', 'null'] -%}
        {{ return("expected meta.leaves to be empty or null, found '" ~ (column.leaves or '') ~ "'") }}
    {%- elif column.shown_by and column.shown_by not in _others -%}
        {{ return("expected meta.shown_by, a declared column, found '" ~ column.shown_by ~ "'") }}
    {%- endif -%}
    {{ return(none) }}
{% endmacro %}
