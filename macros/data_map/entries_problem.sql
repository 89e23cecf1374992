{#
    What a table says that can't be meant beside another entry of the same table whose rows go with owners too: a row is done for
    both at once, so that both have to replace the same. None when all is well.
#}
{% macro entries_problem(table, tables) %}
    {%- for _other in tables if table.owner and _other.owner and _other.relation == table.relation and _other.name != table.name and retention.is_judged_table(_other) -%}
        {%- if retention.personal_columns(_other) | map(attribute='name') | sort != retention.personal_columns(table) | map(attribute='name') | sort -%}
            {{ return(
                "expected the same columns to be replaced as by '" ~ _other.name ~ "', an entry of the same table, since a row goes "
                ~ "with the last owner of both, found others; a YAML anchor keeps them the same"
            ) }}
        {%- elif retention.is_distributed() -%}
            {{ return("expected one entry with an owner for each table while distributed is true, found '" ~ _other.name ~ "' for the same table") }}
        {%- endif -%}
    {%- endfor -%}
    {{ return(none) }}
{% endmacro %}
