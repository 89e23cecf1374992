{#- Written apart from the due views and their rules, none of which is called: no fault there makes this green. -#}
{%- set _directions = "('inbound', 'outbound')" if var('message_direction', 'both') == 'both' else "('inbound')" -%}

with cutoffs as ({{ retention.environment_cutoffs(retention.last_as_of()) }}),

messages as not materialized (
    select * from {{ ref('platform_messages') }}
),

aged as (
    {{- retention.overdue_by_age('messages', 'created before the cutoff (M1)', 'older.direction in ' ~ _directions) }}
    {%- for kind in retention.other_kinds() if not retention.kind_entry(kind).owner %}
    union all
    {{- retention.overdue_by_age(kind, 'created before the cutoff (S3)') }}
    {%- endfor %}
),

silent as (
    {{- retention.silent_users() }}
),

-- One that came after the run looked is no offence until the next night.
late as (
    {{ retention.late_to_their_owners() }}
)

select * from aged
union all
select
    silent.environment_id,
    'users' as kind,
    cast(silent.user_id as text) as row_id,
    'no activity within the period (U1)' as reason
from silent
union all
select
    late.environment_id,
    late.kind,
    late.row_id,
    'its owner is anonymized (M6)' as reason
from late
inner join cutoffs on late.environment_id = cutoffs.environment_id
where cutoffs.cutoff is not null and late.created_at < {{ retention.last_as_of() }}
