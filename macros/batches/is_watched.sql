{#
    Whether a trigger of the platform acts after the table's rows were updated, as an SQL condition; of a partition too.
    What acts before shows in what the update returns. `is_deferred`: one that acts only when the batch is through.
#}
{% macro is_watched(table, is_deferred=false) -%}
    exists (
        select 1 from pg_trigger
        where
            not tgisinternal and {{ 'tginitdeferred' if is_deferred else 'tgtype::integer & 2 = 0' }}
            and tgrelid in (
                select '{{ table.relation }}'::regclass::oid
                union all
                select relid::oid from pg_partition_tree('{{ table.relation }}')
            )
    )
{%- endmacro %}
