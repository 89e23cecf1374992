with users as (
    select * from {{ ref('platform_users') }}
),

asked_for as (
    select distinct environment_id from {{ ref('feed_environments') }}
)

select
    users.environment_id,
    users.user_id,
    users.anonymized_on
from users
inner join asked_for on cast(users.environment_id as text) = asked_for.environment_id
where users.anonymized_on > cast({{ retention.present() }} at time zone 'Europe/Paris' as date) - 90
