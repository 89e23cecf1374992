{#
    Whether a trigger of the platform acts after rows of the table were updated, as an SQL condition; of what inherits from it
    too, such as a partition. What acts before shows in what the update returns. `which`: another condition over pg_trigger than
    that they act after. `others`: further tables that are looked at with it.
#}
{% macro is_watched(table, which='tgtype::integer & 2 = 0', others=[]) -%}
    {%- set _names = ([table] + others) | map(attribute='relation') | map('string') | unique | list -%}
    exists (
        with recursive watched as (
            select unnest({{ retention.sql_array(_names) }}::regclass[])::oid as relation
            union
            select pg_inherits.inhrelid from pg_inherits inner join watched on pg_inherits.inhparent = watched.relation
        )

        select 1 from pg_trigger where not tgisinternal and {{ which }} and tgrelid in (select watched.relation from watched)
    )
{%- endmacro %}
