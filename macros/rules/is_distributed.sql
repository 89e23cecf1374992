{# Whether the platform's tables are distributed by environment over many servers (Citus): the var `distributed`. #}
{% macro is_distributed() -%}
    {%- set _given = var('distributed', false) -%}
    {%- if _given not in [true, false] -%}
        {%- do exceptions.raise_compiler_error(
            "Reading the var distributed: expected true or false, found '" ~ _given ~ "'. Set it under vars in dbt_project.yml."
        ) -%}
    {%- endif -%}
    {{ return(_given) }}
{%- endmacro %}
