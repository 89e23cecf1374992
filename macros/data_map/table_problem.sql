{# What a table of the data map says that can't be meant, as 'expected …, found …'; none when all is well. #}
{% macro table_problem(table, tables) %}
    {%- set _columns = table.columns | map(attribute='name') | list -%}
    {%- set _types = dict(zip(_columns, table.columns | map(attribute='data_type'))) -%}
    {%- if table.decide -%}
        {{ return("a person has to decide first: " ~ table.decide) }}
    {%- elif table.key not in _columns -%}
        {{ return("expected meta.key, the name of a declared column, found '" ~ (table.key or '') ~ "'") }}
    {%- elif not _types[table.key] -%}
        {{ return("expected a data_type of the key '" ~ table.key ~ "', found none") }}
    {%- elif table.stays and table.columns | selectattr('replacement', 'defined') | list -%}
        {{ return('expected no replacement where meta.stays keeps the whole table, found one; take out either') }}
    {%- elif not retention.is_judged_table(table) -%}
        {{ return(none) }}
    {%- elif table.marker not in ('aside', 'values') and table.marker not in _columns -%}
        {{ return("expected meta.marker, the name of a declared date column, or aside, or values, found '" ~ (table.marker or '') ~ "'") }}
    {%- elif table.marker in _columns and _types[table.marker] != 'date' -%}
        {{ return("expected the marker '" ~ table.marker ~ "' to be a date, found " ~ (_types[table.marker] or 'no data_type')) }}
    {%- elif not modules.re.match('^[a-z_][a-z0-9_]{0,39}$', table.name) -%}
        {{ return('expected a name of small letters, digits and underscores, at most 40, with `identifier` for the real one, found ' ~ table.name) }}
    {%- endif -%}
    {{ return(retention.entries_problem(table, tables) or retention.kind_problem(table, tables) or retention.environment_problem(table, _columns)) }}
{% endmacro %}
