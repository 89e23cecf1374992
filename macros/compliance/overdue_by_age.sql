{#
    Of the compliance model overdue_rows: the living rows of a kind that are older than the cutoff of their environment, over the relation
    `cutoffs`. Where the index of living rows stands it is looked into once an environment, and nothing else is read.
#}
{% macro overdue_by_age(kind, reason, condition='true') -%}
    {%- set _is_looked_up = retention.is_looked_up(kind) %}
    select
        older.environment_id,
        '{{ kind }}' as kind,
        cast(older.{{ retention.id_of(retention.kind_entry(kind)) }} as text) as row_id,
        '{{ reason }}' as reason
    from cutoffs
    cross join lateral (
        select living.* from {{ ref('platform_' ~ kind) }} as living
        where
            living.environment_id = cutoffs.environment_id
            and living.anonymized_on is null and living.created_at < cutoffs.cutoff
        {%- if _is_looked_up %}
        offset 0
        {%- endif %}
    ) as older
    where {{ condition }}
{%- endmacro %}
