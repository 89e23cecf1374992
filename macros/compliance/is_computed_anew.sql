{# Whether what is remembered of activity was computed anew since the last run began, and so by it, as an SQL condition. #}
{% macro is_computed_anew() -%}
    coalesce(
        (select state.swept_at from {{ source('ledger', 'activity_state') }} as state)
        >= (select max(run.started_at) from {{ source('ledger', 'runs') }} as run where not run.dry_run), true
    )
{%- endmacro %}
