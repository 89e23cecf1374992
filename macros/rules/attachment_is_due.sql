{# M6: an attachment goes with its message; on its own when its message was anonymized before it came. #}
{% macro attachment_is_due(attachment) -%}
    {{ attachment }}.anonymized_on is null
    and exists (
        select 1
        from {{ ref('platform_messages') }} as owning_message
        where owning_message.message_id = {{ attachment }}.message_id and owning_message.anonymized_on is not null
    )
{%- endmacro %}
