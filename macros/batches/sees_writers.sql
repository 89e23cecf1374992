{#
    Whether the current role may read of each of the tables which transaction wrote a row last, and the server tells it: of
    rows in its own heap, those of partitions too. Rows of a foreign table seem to be written by nobody.
#}
{% macro sees_writers(tables) %}
    {%- if not execute -%} {{ return(false) }} {%- endif -%}
    {%- set _names = tables | map(attribute='relation') | map('string') | list -%}
    {%- set _query -%}
        with recursive mapped as (
            select name, to_regclass(name)::oid as relation from unnest({{ retention.sql_array(_names) }}) as mapped (name)
            union
            select null, pg_inherits.inhrelid from pg_inherits inner join mapped on pg_inherits.inhparent = mapped.relation
        )

        select coalesce(bool_and(
            (pg_class.relkind = 'p' or pg_am.amname is not distinct from 'heap')
            and (mapped.name is null or has_column_privilege(mapped.relation, 'xmin', 'select'))
        ), false)
        from mapped
        left join pg_class on mapped.relation = pg_class.oid
        left join pg_am on pg_class.relam = pg_am.oid
    {%- endset -%}
    {{ return(run_query(_query).rows[0][0]) }}
{% endmacro %}
