{#
    The environments that living rows of a kind name, each once, as a query: stepped through the index of living rows, one look an
    environment. Of rows that name none, null is not told.
#}
{% macro steps_by_environment(view) -%}
    with recursive named as (
        (
            select living.environment_id from {{ view }} as living
            where living.anonymized_on is null and living.environment_id is not null
            order by living.environment_id limit 1
        )
        union all
        select (
            select living.environment_id from {{ view }} as living
            where living.anonymized_on is null and living.environment_id > named.environment_id
            order by living.environment_id limit 1
        )
        from named where named.environment_id is not null
    )

    select environment_id from named where environment_id is not null
{%- endmacro %}
