{# Whether no further batch is to be taken: a person paused the runs, or the budget is used up; an SQL condition. #}
{% macro is_stopped() -%}
    (exists (select 1 from {{ source('ledger', 'pauses') }} where resumed_at is null) or {{ retention.is_out_of_time() }})
{%- endmacro %}
