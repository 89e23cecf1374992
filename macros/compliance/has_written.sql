{#
    Of the compliance model overdue_rows: whether a user, of the relation `users`, wrote one of `messages` at an instant that compares
    so, as an SQL condition.
#}
{% macro has_written(compared) -%}
    exists (
        select 1 from messages
        where messages.user_id = users.user_id and messages.created_at {{ compared }}
            {{- retention.same_environment('users', 'messages') }}
    )
{%- endmacro %}
