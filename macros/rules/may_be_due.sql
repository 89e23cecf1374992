{#
    That a user may be due by the cutoff, by what is remembered of each user's activity, as an SQL condition that follows the
    rule; nothing where nothing is remembered, and every living user is judged.
#}
{% macro may_be_due(user, environment_id, cutoff) -%}
    {%- if retention.has_activity() %}
    and {{ user }}.user_id in (
        select active.user_id
        from {{ source('ledger', 'user_activity') }} as active
        where active.environment_id = {{ environment_id }} and active.last_active_at < {{ cutoff }}
    )
    {%- endif -%}
{%- endmacro %}
