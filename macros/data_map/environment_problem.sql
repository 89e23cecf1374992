{# What a table says of its environment that can't be meant, or can't be where tables are distributed; none when all is well. #}
{% macro environment_problem(table, columns) %}
    {%- set _environment = retention.environment_column(table) -%}
    {%- if _environment and _environment not in columns -%}
        {{ return("expected meta.environment, the name of a declared column, found '" ~ _environment ~ "'") }}
    {%- elif table.created and table.created not in columns -%}
        {{ return("expected meta.created, the name of a declared column, found '" ~ table.created ~ "'") }}
    {%- elif not retention.is_distributed() -%}
        {{ return(none) }}
    {%- elif not _environment -%}
        {{ return("expected meta.environment, the column by which the table is distributed, found none") }}
    {%- elif table.marker == 'aside' -%}
        {{ return("expected a marker column, since no table of ours can be joined to a distributed one, found aside") }}
    {%- elif table.owner and not table.owner.key -%}
        {{ return("expected meta.owner.key, since a distributed row is not found by joins, found none") }}
    {%- endif -%}
    {{ return(none) }}
{% endmacro %}
