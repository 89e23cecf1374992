{#
    The database's valid b-tree and GIN indexes as a query: schema_name, table_name, method, columns (the key's; an expression as it is written,
    without parentheses and quotes), predicate (with parentheses, blanks and types left out; empty for an index of all rows).
#}
{% macro valid_indexes() %}
    select
        pg_namespace.nspname as schema_name,
        indexed.relname as table_name,
        array(
            select coalesce(
                pg_attribute.attname::text,
                regexp_replace(pg_get_indexdef(pg_index.indexrelid, part.n::integer, true), '[()"]', '', 'g')
            )
            from unnest(pg_index.indkey::smallint[]) with ordinality as part (attnum, n)
            left join pg_attribute
                on pg_attribute.attrelid = pg_index.indrelid and pg_attribute.attnum = part.attnum and part.attnum > 0
            where part.n <= pg_index.indnkeyatts
            order by part.n
        ) as columns,
        coalesce(
            regexp_replace(
                lower(pg_get_expr(pg_index.indpred, pg_index.indrelid)), '::(text|character varying)|[()"[:space:]]', '', 'g'
            ), ''
        ) as predicate,
        pg_am.amname::text as method
    from pg_index
    inner join pg_class on pg_index.indexrelid = pg_class.oid
    inner join pg_class as indexed on pg_index.indrelid = indexed.oid
    inner join pg_namespace on indexed.relnamespace = pg_namespace.oid
    inner join pg_am on pg_class.relam = pg_am.oid
    where pg_index.indisvalid and pg_index.indisready and pg_am.amname in ('btree', 'gin')
{% endmacro %}
