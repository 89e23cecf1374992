{%- for kind in ('chatbot_conversations', 'custom_events') %}
select
    '{{ kind }}' as kind,
    events.{{ kind[:-1] }}_id as event_id,
    users.user_id
from {{ source('platform', kind) }} as events
inner join {{ source('platform', 'users') }} as users
    on
        events.environment_id = users.environment_id
        and events.network = users.network
        and events.user_network_id = users.network_id
where events.user_network_id <> ''
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
