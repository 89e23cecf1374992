{#
    Whether a trigger of the platform acts after the table's rows were updated, as an SQL condition; of a partition too. What acts
    before shows in what the update returns. `which`: another condition over pg_trigger than that they act after.
#}
{% macro is_watched(table, which='tgtype::integer & 2 = 0') -%}
    exists (
        select 1 from pg_trigger
        where
            not tgisinternal and {{ which }}
            and tgrelid in (
                select '{{ table.relation }}'::regclass::oid
                union all
                select relid::oid from pg_partition_tree('{{ table.relation }}')
            )
    )
{%- endmacro %}
