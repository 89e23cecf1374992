{#
    By what verification may know that there is no offence without reading whole tables: the var proofs. `constraints`: what a valid
    constraint of the database rules out; `marker_indexes`, `value_indexes`: indexes that hold offending rows only; `activity`: what
    nights remember of the users' activity, but for those in which it is computed anew.
#}
{% macro proofs() -%}
    {%- set _given, _known = var('proofs', []), ['constraints', 'marker_indexes', 'value_indexes', 'activity'] -%}
    {%- if _given is string or _given is mapping or _given is not sequence or _given | reject('in', _known) | list
        or _given | unique | list | length < _given | length -%}
        {%- do exceptions.raise_compiler_error(
            "Reading the var proofs: expected a list of " ~ _known | join(', ') ~ ", each once or not at all, found '" ~ _given
            ~ "'. Set it under vars in dbt_project.yml."
        ) -%}
    {%- endif -%}
    {{ return(_given) }}
{%- endmacro %}
