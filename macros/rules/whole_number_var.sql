{# A var that has to be a whole number within bounds. dbt's own `int` takes 1.5 for 1 and text for 0: here both are refused. #}
{% macro whole_number_var(name, default, least, most) -%}
    {%- set _given = var(name, default) | string -%}
    {%- if not modules.re.match('^[0-9]{1,6}$', _given) or not least <= (_given | int) <= most -%}
        {%- do exceptions.raise_compiler_error(
            "Reading the var " ~ name ~ ": expected a whole number from " ~ least ~ " to " ~ most ~ ", found '" ~ _given
            ~ "'. Set it under vars in dbt_project.yml."
        ) -%}
    {%- endif -%}
    {{ return(_given | int) }}
{%- endmacro %}
