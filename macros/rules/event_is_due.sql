{# S3: analytics rows lose their identifier by their own created_at. Row of a platform_ view of events. #}
{% macro event_is_due(event, cutoff) -%}
    {{ event }}.anonymized_on is null
    and {{ event }}.created_at < {{ cutoff }}
{%- endmacro %}
