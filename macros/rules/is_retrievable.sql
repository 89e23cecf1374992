{# R1, R2: whether a message may be imported. What can't be told counts as private, and as too old. #}
{% macro is_retrievable(visibility, published_at, cutoff) -%}
    (coalesce({{ visibility }} = 'public', false) or coalesce({{ published_at }} >= {{ cutoff }}, false))
{%- endmacro %}
