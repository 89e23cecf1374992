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
