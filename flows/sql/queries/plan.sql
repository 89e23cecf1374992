-- What `retention plan` counts. Each statement under its name; {ledger} is RETENTION_SCHEMA.

-- name: plan_totals
-- What is due now, by kind; a misconfigured environment has nothing due.
select
    kind,
    sum(due)::bigint as due,
    sum(files_due)::bigint as files_due,
    count(*) filter (where due > 0) as environments
from {ledger}.due_totals
group by kind

-- name: plan_periods
select retention_months as months, problem, count(*) as environments
from {ledger}.due_cutoffs
group by retention_months, problem
order by retention_months nulls last

-- name: plan_never_due
-- Rows of environments that the platform does not have, or without an age: no period applies to them.
select kind, reason, sum(row_count)::bigint as rows
from {ledger}.rows_without_environment
group by kind, reason
order by kind, reason
