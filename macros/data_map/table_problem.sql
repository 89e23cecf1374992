{# What a table of the data map says that can't be meant, as 'expected …, found …'; none when all is well. #}
{% macro table_problem(table, tables) %}
    {%- set _columns = table.columns | map(attribute='name') | list -%}
    {%- set _types = dict(zip(_columns, table.columns | map(attribute='data_type'))) -%}
    {%- set _is_emptied = table.marker or retention.personal_columns(table) -%}
    {%- set _owner = table.owner if table.owner is mapping else {} -%}
    {%- set _owners = tables | selectattr('name', 'equalto', _owner.table) | list -%}
    {%- if table.key not in _columns -%}
        {{ return("expected meta.key, the name of a declared column, found '" ~ (table.key or '') ~ "'") }}
    {%- elif not _types[table.key] -%}
        {{ return("expected a data_type of the key '" ~ table.key ~ "', found none") }}
    {%- elif not _is_emptied -%}
        {{ return(none) }}
    {%- elif table.marker not in _columns -%}
        {{ return("expected meta.marker, the name of a declared date column, found '" ~ (table.marker or '') ~ "'") }}
    {%- elif _types[table.marker] != 'date' -%}
        {{ return("expected the marker '" ~ table.marker ~ "' to be a date, found " ~ (_types[table.marker] or 'no data_type')) }}
    {%- elif not table.kind and not table.owner -%}
        {{ return('expected meta.kind where rows are judged on their own, or meta.owner, found neither') }}
    {%- elif table.kind and table.kind not in retention.kinds() -%}
        {{ return('expected meta.kind to be one of ' ~ retention.kinds() | join(', ') ~ ", found '" ~ table.kind ~ "'") }}
    {%- elif table.owner and not _owners -%}
        {{ return("expected meta.owner.table, a declared table, found '" ~ (_owner.table or '') ~ "'") }}
    {%- elif table.owner and _owner.key not in _columns -%}
        {{ return("expected meta.owner.key, a declared column that names the owner, found '" ~ (_owner.key or '') ~ "'") }}
    {%- elif 'environment_id' not in _columns -%}
        {{ return("expected a column 'environment_id', found none") }}
    {%- endif -%}
    {{ return(none) }}
{% endmacro %}
