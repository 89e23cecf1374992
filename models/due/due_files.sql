with attachments as (
    select * from {{ ref('due_attachments') }}
),

due_users as (
    select * from {{ ref('due_users') }}
),

users as (
    select * from {{ ref('platform_users') }}
),

files as (
    select
        case when is_late then 'attachments' else 'messages' end as kind,
        attachment_id as row_id,
        environment_id,
        byte_size,
        cutoff
    from attachments
    where has_file
    union all
    select
        'users' as kind,
        users.user_id as row_id,
        users.environment_id,
        cast(null as bigint) as byte_size,
        due_users.cutoff
    from users
    inner join due_users on users.user_id = due_users.user_id
    where users.has_picture
)

select
    kind,
    row_id,
    environment_id,
    byte_size,
    cutoff
from files
