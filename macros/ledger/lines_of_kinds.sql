{# What each run did with some kinds of row, its lanes summed: one row per run, environment and kind. #}
{% macro lines_of_kinds(kinds) -%}
with lines as (
    select * from {{ source('ledger', 'run_lines') }}
)

select
    run_id,
    environment_id,
    kind,
    retention_months,
    cutoff,
    max(state) as state,
    sum(due) as due,
    sum(anonymized) as anonymized,
    sum(dependents) as dependents,
    sum(files_queued) as files_queued,
    case when count(left_over) = count(*) then sum(left_over) end as left_over,
    max(failure) as failure
from lines
where kind = any({{ retention.sql_array(kinds) }})
group by run_id, environment_id, kind, retention_months, cutoff
{%- endmacro %}
