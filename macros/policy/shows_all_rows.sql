{#
    Whether the thin view of a declared table surely shows all of its rows: it has no condition and joins nothing, but for our
    own look at what is done. Where it stays open, the answer is no.
#}
{% macro shows_all_rows(table) %}
    {%- set _query -%}
        select regexp_replace(
            pg_get_viewdef(to_regclass('{{ retention.thin_view(table.name) }}')), 'SELECT done\.anonymized_on.*?AS anonymized_on', ''
        ) !~* '\m(where|join|limit|offset|group|having|distinct|intersect|except)\M'
    {%- endset -%}
    {{ return(run_query(_query).rows[0][0] | default(false, true)) }}
{% endmacro %}
