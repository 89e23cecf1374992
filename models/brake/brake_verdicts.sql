{#- Read here too, so that a size that can't be meant is refused before a batch is. -#}
{%- set _most = retention.whole_number_var('batch_rows_max', 10000, 1, 100000) -%}
{%- set _judged_by = retention.as_of() -%}
with cutoffs as ({{ retention.environment_cutoffs(_judged_by) }}),

baselines as (
    select * from {{ ref('brake_baselines') }}
),

judged as ({{ retention.judged_rows('cutoffs') }}),

{% if retention.is_distributed() -%}
living_counts as ({{ retention.living_counts() }}),

{% endif -%}
compared as (
    select
        cutoffs.environment_id,
        baselines.kind,
        cutoffs.retention_months,
        cutoffs.cutoff,
        cutoffs.problem,
        baselines.approval_id,
        baselines.retention_months as months_then,
        baselines.cutoff as cutoff_then,
        baselines.began_at as began_then,
        baselines.left_over
    from cutoffs
    inner join baselines on cast(cutoffs.environment_id as text) = baselines.environment_id
),

-- Counted once, and what is due read once: for each of many kinds the planner, which expects one, would do both anew.
counted as materialized (
    select
        judged.environment_id,
        judged.kind,
        count(*) as due,
        cast(sum(judged.files) as bigint) as files_due,
        min(judged.judged_at) as oldest_due_at,
        max(judged.judged_at) as newest_due_at,
        -- Due at the baseline already, and neither left over by its run nor released.
        count(*) filter (where compared.approval_id is null and judged.judged_at < compared.cutoff_then)
        - max(compared.left_over) as appeared
    from judged
    left join compared on judged.environment_id = compared.environment_id and judged.kind = compared.kind
    group by judged.environment_id, judged.kind
)

select
    compared.environment_id,
    compared.kind,
    compared.retention_months,
    compared.cutoff,
    coalesce(counted.due, 0) as due,
    coalesce(counted.files_due, 0) as files_due,
    counted.oldest_due_at,
    counted.newest_due_at,
    compared.problem,
    compared.approval_id,
    case when compared.approval_id is not null then compared.cutoff_then end as released_before,
    {{ retention.brake_reason(_judged_by) }} as held,
    case
        when counted.due > 1000 then counted.due * 10 > {{ retention.living_rows('counted.due * 10') }}
        else false
    end as is_large,
    {{ retention.rule_of_kind() }} as rule
from compared
left join counted on compared.environment_id = counted.environment_id and compared.kind = counted.kind
