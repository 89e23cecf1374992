{#
    Whether indexes lead from the key of a row to the rows of another thin view that name it. Asked of the planner, since views
    may join and compute, and of a small table too, which it would else read whole.
#}
{% macro is_led_to(other, table) %}
    {%- if not execute -%} {{ return(false) }} {%- endif -%}
    {%- set _type = (table.columns | selectattr('name', 'equalto', table.key) | first).data_type -%}
    {%- set _way -%}
        set local enable_seqscan = off;
        explain (costs off)
        select 1
        from unnest('{}'::{{ _type }}[]) as origin (row_key)
        cross join lateral (
            select 1 from {{ other }} as named where named.{{ retention.id_of(table) }} = origin.row_key offset 0
        ) as led_to
    {%- endset -%}
    {%- set _steps = run_query(_way).columns[0].values() | join('\n') -%}
    {{ return(modules.re.search('Index Cond: .*origin', _steps) is not none and 'Seq Scan' not in _steps) }}
{% endmacro %}
