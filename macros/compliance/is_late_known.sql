{# Whether it is remembered since when rows may have come after their owners were anonymized, as an SQL condition. #}
{% macro is_late_known() -%}
    exists (select 1 from {{ source('ledger', 'activity_state') }} as state where state.late_since > '-infinity')
{%- endmacro %}
