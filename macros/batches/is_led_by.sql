{#
    Whether an index leads to the rows of a thin view by the values of a column. Asked of the planner, since views may join and
    compute, and of a small table too, which it would else read whole.
#}
{% macro is_led_by(view, column, column_type, condition='true') %}
    {%- if not execute -%} {{ return(false) }} {%- endif -%}
    {%- set _way -%}
        set local enable_seqscan = off;
        explain (costs off)
        select 1
        from unnest('{}'::{{ column_type }}[]) as origin (origin_value)
        cross join lateral (
            select 1 from {{ view }} as named where named.{{ column }} = origin.origin_value and {{ condition }} offset 0
        ) as led_to
    {%- endset -%}
    {%- set _steps = run_query(_way).columns[0].values() | join('\n') -%}
    {{ return(modules.re.search('Index Cond: .*origin', _steps) is not none and 'Seq Scan' not in _steps) }}
{% endmacro %}
