{{ config(
    pre_hook=before_begin("{{ retention.batch_session() }}"),
    post_hook=[
        after_commit(
            "{{ retention.anonymize(
                'users', retention.user_is_due('due_row', '_cutoff'), milliseconds=20, check_again='messages',
                is_searched_everywhere=true
            ) }}"
        ),
    ]
) }}

-- What the hooks empty; they look for it themselves, batch by batch.
-- depends_on: {{ ref('due_users') }}
{{ retention.lines_of_kinds(['users']) }}
