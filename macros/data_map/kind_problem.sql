{# What a table says of how its rows are judged that can't be meant; none when all is well. #}
{% macro kind_problem(table, tables) %}
    {%- set _owner = table.owner if table.owner is mapping else {} -%}
    {%- set _owners = tables | selectattr('name', 'equalto', _owner.table) | list -%}
    {%- if not table.kind and not table.owner -%}
        {{ return('expected meta.kind where rows are judged on their own, or meta.owner, found neither') }}
    {%- elif table.kind and table.kind not in retention.kinds() -%}
        {{ return('expected meta.kind to be one of ' ~ retention.kinds() | join(', ') ~ ", found '" ~ table.kind ~ "'") }}
    {%- elif table.kind and table.kind != table.name -%}
        {{ return("expected meta.kind to be the table's name here, with `identifier` for the real one, found '" ~ table.kind ~ "'") }}
    {%- elif table.owner and not _owners -%}
        {{ return("expected meta.owner.table, a declared table, found '" ~ (_owner.table or '') ~ "'") }}
    {%- elif table.owner and not _owners[0].kind -%}
        {{ return("expected meta.owner.table to be judged on its own, with the way to it in the thin view, found '" ~ _owner.table ~ "'") }}
    {%- elif table.owner and table.name not in retention.kinds() -%}
        {{ return("expected '" ~ table.name ~ "' in the var kinds, found " ~ retention.kinds() | join(', ')) }}
    {%- elif _owner.key and _owner.key not in table.columns | map(attribute='name') -%}
        {{ return("expected meta.owner.key, a declared column that names the owner, found '" ~ _owner.key ~ "'") }}
    {%- endif -%}
    {{ return(none) }}
{% endmacro %}
