{#
    Every row that is due by its environment's cutoff: kind, key as text, the instant it is judged by, and how many files go with
    it. What came late to its owner is due whatever the cutoff. `cutoffs` is a relation with environment_id and cutoff.
#}
{% macro judged_rows(cutoffs) %}
    select 'messages' as kind, message.message_id::text as row_id, message.environment_id, message.created_at as judged_at, false as is_late,
        {{ retention.files_with('messages', 'message') }} as files
    from {{ cutoffs }} as horizon
    cross join lateral {{ retention.living_rows_of('messages', retention.message_is_due('living', 'horizon.cutoff')) }} as message
    union all
    select 'users', writer.user_id::text, writer.environment_id,
        coalesce(
            greatest(
                writer.last_message_at,
                (
                    select max(created_at) from {{ ref('platform_messages') }} as written
                    where written.user_id = writer.user_id {{- retention.same_environment('written', 'writer') }}
                )
            ),
            writer.created_at
        ), false, writer.has_picture::integer + {{ retention.files_with('users', 'writer') }}
    from {{ cutoffs }} as horizon
    {{ retention.writers_in_question() }}
    where {{ retention.user_is_due('writer', 'horizon.cutoff') }}
    {%- for kind in retention.other_kinds() %}
    union all
    {{ retention.judged_rows_of(kind, cutoffs) }}
    {%- endfor %}
{% endmacro %}
