{#
    Whether a thin view shows rows of one table, so that locking its rows locks these alone. Of one that joins others the
    platform's own row is locked by its key: the others stay free for the platform.
#}
{% macro is_plain_view(thin) %}
    {%- if not execute -%} {{ return(true) }} {%- endif -%}
    {{ return(run_query("select coalesce(pg_relation_is_updatable(to_regclass('" ~ thin ~ "'), false) & 4 = 4, true)").rows[0][0]) }}
{% endmacro %}
