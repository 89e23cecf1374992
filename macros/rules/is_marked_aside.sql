{# Whether rows of a kind are marked in a table of ours, and nowhere else; for the nightly target only, which may read it. #}
{% macro is_marked_aside(kind) %}
    {%- if not execute or graph.sources is not defined or target.name != 'nightly' -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set _entry = retention.kind_entry(kind) -%}
    {%- set _markers = ([_entry] + retention.other_entries(_entry)) | map(attribute='marker', default='aside') | unique | list -%}
    {{ return(_markers == ['aside']) }}
{% endmacro %}
