{# The literal for columns that all become the same value: meta.literal, or the value of the dbt var that meta.value names. #}
{% macro constant(column) -%}
    {%- set _value = column.literal if column.literal is defined else var(column.value, none) -%}
    {%- if _value is none -%}
        {%- do exceptions.raise_compiler_error(
            "Reading the data map: column '" ~ column.name ~ "' takes the var '" ~ column.value ~ "', which is not set. "
            "Set it under vars in dbt_project.yml."
        ) -%}
    {%- endif -%}
    '{{ _value | string | replace("'", "''") }}'
{%- endmacro %}
