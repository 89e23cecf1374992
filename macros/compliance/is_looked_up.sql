{#
    Whether the index of a kind's living rows leads to what is asked of them, so that nothing else has to be read: it stands, one
    marker column keeps the other rows out of it, and the server goes by it from the thin view's environments.
#}
{% macro is_looked_up(kind) -%}
    {%- set _entry, _view = retention.kind_entry(kind), ref('platform_' ~ kind) -%}
    {%- set _markers = ([_entry] + retention.other_entries(_entry)) | map(attribute='marker') | unique | list -%}
    {%- if _markers | length > 1 or not retention.has_marker_column(_entry) or not retention.has_living_index(kind, is_partial=true)
        or load_relation(_view) is none -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set _type = retention.type_of_environments(_view) -%}
    {{ return(retention.is_led_by(_view, 'environment_id', _type, 'named.anonymized_on is null')) }}
{%- endmacro %}
