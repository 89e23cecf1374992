with cutoffs as ({{ retention.environment_cutoffs(retention.last_as_of()) }}),

ownerless as (
    {{ retention.rows_without_owner() }}
)

select
    cast(ownerless.environment_id as text) as environment_id,
    ownerless.kind,
    count(*) as row_count,
    'past the period, of no owner: no rule reaches them' as reason
from ownerless
inner join cutoffs on ownerless.environment_id = cutoffs.environment_id
where ownerless.created_at is null or ownerless.created_at < cutoffs.cutoff
group by ownerless.environment_id, ownerless.kind
{%- for kind in retention.kinds() %}
{%- do ref('platform_' ~ kind) %}
{%- endfor %}
{%- if not retention.is_distributed() %}
union all
select
    cast(null as text) as environment_id,
    unreached.table_name as kind,
    unreached.unreached as row_count,
    'shown by no thin view: no rule reaches them' as reason
from (
    {{ retention.unreached_rows(is_meant_too=false) }}
) as unreached
{%- endif %}
