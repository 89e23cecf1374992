{#
    How many rows of the kind the environment has that are not anonymized, counted up to `most`: a share can so be judged
    by reading as many rows as are in question, not as many as are stored.
#}
{% macro living_rows(most) -%}
    {%- if retention.is_distributed() -%}
    (
        select living_counts.rows from living_counts
        where living_counts.environment_id = compared.environment_id and living_counts.kind = compared.kind
    )
    {%- else -%}
    case compared.kind
    {%- for kind in retention.kinds() %}
        when '{{ kind }}' then (
            select count(*) from (
                select 1 from {{ ref('platform_' ~ kind) }} as living
                where living.environment_id = compared.environment_id and living.anonymized_on is null
                limit {{ most }}
            ) as counted_living
        )
    {%- endfor %}
    end
    {%- endif -%}
{%- endmacro %}
