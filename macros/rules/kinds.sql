{# The kinds of row that are judged, each with lines of its own in the ledger. #}
{% macro kinds() %}
    {{ return(['messages', 'attachments', 'users', 'chatbot_conversations', 'custom_events']) }}
{% endmacro %}
