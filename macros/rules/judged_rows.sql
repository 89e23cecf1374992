{#
    Every row that is due by its environment's cutoff: kind, key as text, the instant it is judged by, and how many files go with
    it. What came late to its owner is due whatever the cutoff. `cutoffs` is a relation with environment_id and cutoff. Every
    part has the same types: only so does the server leave out of each what nobody asked for, and count files for those who do.
#}
{% macro judged_rows(cutoffs) %}
    select 'messages' as kind, message.message_id::text as row_id, message.environment_id, message.created_at as judged_at, false as is_late,
        cast({{ retention.files_with('messages', 'message') }} as bigint) as files
    from {{ cutoffs }} as horizon
    cross join lateral {{ retention.living_rows_of('messages', retention.message_is_due('living', 'horizon.cutoff')) }} as message
    union all
    select 'users', writer.user_id::text, writer.environment_id, {{ retention.last_active_at('writer') }}, false,
        cast(writer.has_picture::integer + {{ retention.files_with('users', 'writer') }} as bigint)
    from {{ cutoffs }} as horizon
    {{ retention.due_writers() }}
    {%- for kind in retention.other_kinds() %}
    union all
    {{ retention.judged_rows_of(kind, cutoffs) }}
    {%- endfor %}
{% endmacro %}
