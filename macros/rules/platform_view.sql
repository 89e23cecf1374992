{#
    The thin view of a kind for SQL that models and hooks share: a hook may refer to no view that it did not name while dbt
    parsed, a unit test puts its rows in the place of one.
#}
{% macro platform_view(kind) %}
    {%- if execute and graph.sources is defined -%}
        {{ return(retention.thin_view(kind)) }}
    {%- endif -%}
    {{ return(ref('platform_' ~ kind)) }}
{% endmacro %}
