{# The instant by which a user is judged (U1), as an SQL expression: the last message, or the profile's own creation. #}
{% macro last_active_at(user) -%}
    coalesce(
        greatest(
            {{ user }}.last_message_at,
            (
                select max(created_at) from {{ ref('platform_messages') }} as written
                where written.user_id = {{ user }}.user_id {{- retention.same_environment('written', user) }}
            )
        ),
        {{ user }}.created_at
    )
{%- endmacro %}
