{# Whether a row of a dependent kind may have several owners, or something else that keeps it. #}
{% macro may_be_shared(table, thin) %}
    {{ return(not retention.is_plain_view(thin) or retention.tells_kept_rows(thin) or retention.other_entries(table) | length > 0) }}
{% endmacro %}
