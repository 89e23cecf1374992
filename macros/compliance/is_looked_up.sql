{#
    Whether the index of a kind's living rows leads to what is asked of them, so that nothing else has to be read: it stands, and
    one marker column keeps the other rows out of it.
#}
{% macro is_looked_up(kind) -%}
    {%- set _entry = retention.kind_entry(kind) -%}
    {%- set _markers = ([_entry] + retention.other_entries(_entry)) | map(attribute='marker') | unique | list -%}
    {{ return(_markers | length == 1 and retention.has_marker_column(_entry) and retention.has_living_index(kind)) }}
{%- endmacro %}
