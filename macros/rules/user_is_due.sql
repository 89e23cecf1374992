{#
    U1: no message from the user within the period; who never wrote is judged by the profile's created_at. Dates only,
    never content, so it holds when messages were emptied. Row of platform_users.
#}
{% macro user_is_due(user, cutoff) -%}
    {{ user }}.anonymized_on is null
    and {{ cutoff }} is not null
    and coalesce({{ user }}.last_message_at < {{ cutoff }}, true)
    and not exists (
        select 1
        from {{ ref('platform_messages') }} as recent_message
        where recent_message.user_id = {{ user }}.user_id and recent_message.created_at >= {{ cutoff }}
            {{- retention.same_environment('recent_message', user) }}
    )
    and (
        {{ user }}.created_at < {{ cutoff }}
        or {{ user }}.last_message_at is not null
        or exists (
            select 1
            from {{ ref('platform_messages') }} as earlier_message
            where earlier_message.user_id = {{ user }}.user_id
                {{- retention.same_environment('earlier_message', user) }}
        )
    )
{%- endmacro %}
