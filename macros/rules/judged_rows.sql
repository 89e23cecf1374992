{#
    Every row that is due by its environment's cutoff: kind, key, the instant it is judged by, and how many files go with
    it. A late attachment is due whatever the cutoff. `cutoffs` is a relation with environment_id and cutoff.
#}
{% macro judged_rows(cutoffs) %}
    select 'messages' as kind, message.message_id as row_id, message.environment_id, message.created_at as judged_at, false as is_late,
        (
            select count(*) from {{ ref('platform_attachments') }} as attachment
            where attachment.message_id = message.message_id and attachment.anonymized_on is null and attachment.has_file
        ) as files
    from {{ cutoffs }} as horizon
    cross join lateral {{ retention.living_rows_of('messages', retention.message_is_due('living', 'horizon.cutoff')) }} as message
    union all
    select 'attachments', attachment.attachment_id, attachment.environment_id, attachment.created_at, true, attachment.has_file::integer
    from {{ cutoffs }} as horizon
    inner join {{ ref('platform_attachments') }} as attachment on horizon.environment_id = attachment.environment_id
    where horizon.cutoff is not null and {{ retention.attachment_is_due('attachment') }}
    union all
    select 'users', writer.user_id, writer.environment_id,
        coalesce(
            greatest(
                writer.last_message_at,
                (select max(created_at) from {{ ref('platform_messages') }} where user_id = writer.user_id)
            ),
            writer.created_at
        ), false, writer.has_picture::integer
    from {{ cutoffs }} as horizon
    inner join {{ ref('platform_users') }} as writer on horizon.environment_id = writer.environment_id
    where {{ retention.user_is_due('writer', 'horizon.cutoff') }}
    {%- for kind in ('chatbot_conversations', 'custom_events') %}
    union all
    select '{{ kind }}', event.{{ kind[:-1] }}_id, event.environment_id, event.created_at, false, 0
    from {{ cutoffs }} as horizon
    cross join lateral {{ retention.living_rows_of(kind, retention.event_is_due('living', 'horizon.cutoff')) }} as event
    {%- endfor %}
{% endmacro %}
