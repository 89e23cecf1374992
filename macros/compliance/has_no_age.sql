{#
    Whether the row `living` is one and has nothing that tells its age, as an SQL condition: of what goes with an owner, and of
    users, whom messages tell of, it is not asked.
#}
{% macro has_no_age(kind) -%}
    {%- if kind == 'users' or retention.kind_entry(kind).owner -%}
    false
    {%- else -%}
    living.anonymized_on is null and living.created_at is null
    {%- endif -%}
{%- endmacro %}
