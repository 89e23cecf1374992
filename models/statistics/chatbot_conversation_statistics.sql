{#- Reads the reference platform's own table, for its identifiers: another platform's project writes its own. -#}
{{ config(enabled=(project_name == 'retention')) }}

{{ retention.event_statistics('chatbot_conversations') }}
