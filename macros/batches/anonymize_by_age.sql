{# The post-hook of a kind that is judged by the age of its own rows, or, as a dependent, of an owner that is no message. #}
{% macro anonymize_by_age(kind) %}
    {%- if kind not in retention.kinds() -%}
        {{ return(retention.anonymize(kind, none)) }}
    {%- endif -%}
    {%- set _table = retention.kind_entry(kind) -%}
    {%- if _table.owner and _table.owner.table != 'messages' -%}
        {{ return(retention.anonymize(kind, retention.dependent_is_due('due_row', kind, is_of_batch=true) ~ retention.may_be_late('due_row', kind), is_searched_everywhere=true)) }}
    {%- elif _table.owner -%}
        {{ return(retention.anonymize(kind, none)) }}
    {%- endif -%}
    {{ return(retention.anonymize(kind, retention.event_is_due('due_row', '_cutoff'))) }}
{% endmacro %}
