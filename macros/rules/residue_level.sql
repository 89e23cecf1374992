{# B2: the var residue, the level to which old row versions are removed; another word is refused. #}
{% macro residue_level() -%}
    {%- set _level = var('residue', 'vacuumed') -%}
    {%- if execute and _level not in ['statistics', 'vacuumed', 'rewritten'] -%}
        {%- do exceptions.raise_compiler_error(
            "Reading the var residue: expected statistics, vacuumed or rewritten, found '" ~ _level ~ "'. "
            "Set it in dbt_project.yml."
        ) -%}
    {%- endif -%}
    {{ return(_level) }}
{%- endmacro %}
