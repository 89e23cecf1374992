{#
    How dbt empties a seed's table before it fills it: by delete. Its truncate would wait for whoever has read the periods in
    a transaction that is still open, a dump or a report, and let every connector that asks `may_retrieve` wait behind it.
#}
{% macro postgres__reset_csv_table(model, full_refresh, old_relation, agate_table) %}
    {%- if full_refresh -%}
        {{ return(default__reset_csv_table(model, full_refresh, old_relation, agate_table)) }}
    {%- endif -%}
    {%- set _emptied -%} delete from {{ old_relation.render() }} {%- endset -%}
    {%- call statement('empty') -%} {{ _emptied }} {%- endcall -%}
    {{ return(_emptied) }}
{% endmacro %}
