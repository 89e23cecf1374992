{{ retention.event_statistics('custom_events') }}
