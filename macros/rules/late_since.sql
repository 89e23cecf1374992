{# Since when rows may have come after their owners were anonymized, as remembered; -infinity where not, as an SQL expression. #}
{% macro late_since() -%}
    coalesce((select state.late_since from {{ source('ledger', 'activity_state') }} as state), '-infinity')
{%- endmacro %}
