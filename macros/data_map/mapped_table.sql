{# The data map's entry of one table; a name it does not know is refused. #}
{% macro mapped_table(name) %}
    {%- set _found = retention.data_map() | selectattr('name', 'equalto', name) | list -%}
    {%- if not _found -%}
        {%- do exceptions.raise_compiler_error(
            "Reading the data map: expected a source table named '" ~ name ~ "' with meta.key, found none. "
            "Declare it in the sources' YAML."
        ) -%}
    {%- endif -%}
    {{ return(_found[0]) }}
{% endmacro %}
