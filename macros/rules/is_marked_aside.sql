{# Whether rows of a kind are marked in a table of ours; for the nightly target only, which may read it. #}
{% macro is_marked_aside(kind) %}
    {%- if not execute or graph.sources is not defined or target.name != 'nightly' -%}
        {{ return(false) }}
    {%- endif -%}
    {{ return((retention.kind_entry(kind).marker or 'aside') == 'aside') }}
{% endmacro %}
