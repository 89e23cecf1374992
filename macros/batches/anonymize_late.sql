{# The post-hook of what belongs to messages and came after its message was anonymized (M6). #}
{% macro anonymize_late(kind) %}
    {%- if kind in retention.kinds() and (retention.kind_entry(kind).owner or {}).table == 'messages' -%}
        {{ return(retention.anonymize(kind, retention.dependent_is_due('due_row', kind, is_of_batch=true) ~ retention.may_be_late('due_row', kind), is_searched_everywhere=true)) }}
    {%- endif -%}
    {{ return(retention.anonymize(kind, none)) }}
{% endmacro %}
