{# What a look through a thin view joins to lock the platform's own rows, `stored`; nothing where the view shows one table. #}
{% macro join_stored(table, thin, alias) -%}
    {%- if not retention.is_plain_view(thin) %}
    inner join {{ table.relation }} as stored on stored.{{ adapter.quote(table.key) }} = {{ alias }}.{{ retention.id_of(table) }}
    {%- endif -%}
{%- endmacro %}
