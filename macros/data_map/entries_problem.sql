{#
    What a table says that can't be meant beside another entry of the same table whose rows go with owners too: a row is done for
    both at once, so that both have to replace the same by the same: else a file that one of them queues is lost to the other.
    None when all is well.
#}
{% macro entries_problem(table, tables) %}
    {%- set _not_what_is_done = ['why', 'decide', 'unless_stays', 'proves', 'size'] -%}
    {%- for _other in tables if table.owner and _other.owner and _other.relation == table.relation and _other.name != table.name and retention.is_judged_table(_other) -%}
        {%- set _done = [] -%}
        {%- for _entry in [table, _other] -%}
            {%- set _columns = {} -%}
            {%- for _column in retention.personal_columns(_entry) -%}
                {%- do _columns.update({_column.name: dict(_column.items() | rejectattr(0, 'in', _not_what_is_done))}) -%}
            {%- endfor -%}
            {%- do _done.append(_columns) -%}
        {%- endfor -%}
        {%- if _done[0] != _done[1] -%}
            {{ return(
                "expected the same columns to be replaced by the same as by '" ~ _other.name ~ "', an entry of the same table, since "
                ~ "a row goes with the last owner of both, found others; a YAML anchor keeps them the same"
            ) }}
        {%- elif (table.marker == 'values') != (_other.marker == 'values') -%}
            {{ return("expected the marker 'values' at both or none of two entries of one table, found it not at '" ~ (table if _other.marker == 'values' else _other).name ~ "'") }}
        {%- elif retention.is_distributed() -%}
            {{ return("expected one entry with an owner for each table while distributed is true, found '" ~ _other.name ~ "' for the same table") }}
        {%- endif -%}
    {%- endfor -%}
    {{ return(none) }}
{% endmacro %}
