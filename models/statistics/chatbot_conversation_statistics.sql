{{ retention.event_statistics('chatbot_conversations') }}
