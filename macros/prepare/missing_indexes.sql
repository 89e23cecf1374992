{#
    Statements that build the needed indexes for which no valid equivalent stands, without keeping writers waiting. What
    an interrupted attempt left behind is invalid, and dropped first.
#}
{% macro missing_indexes() %}
    select 'indexes', 2, needed.index_name, step.step, step.statement, true, null
    from (
        select
            *,
            format('%I.%I', schema_name, table_name) as full_name,
            'retention_' || left(table_name, 36) || '_'
            || left(md5(concat_ws(' ', schema_name, table_name, columns::text, predicate, nullif(method, 'btree'))), 8) as index_name
        from ({{ retention.needed_indexes_as_rows() }}) as declared
    ) as needed
    cross join lateral (
        select 1, format('drop index concurrently if exists %I.%I', schema_name, index_name)
        from pg_index inner join pg_class on pg_index.indexrelid = pg_class.oid
        where
            not indisvalid and pg_class.relname = index_name
            and pg_class.relnamespace = (select oid from pg_namespace where nspname = schema_name)
        union all
        select 2, format(
            'create index concurrently if not exists %I on %s%s (%s)%s%s', index_name, full_name,
            ' using ' || nullif(method, 'btree'), {{ retention.indexed_columns('columns') }},
            ' include (' || quote_ident(included) || ')', ' where ' || predicate
        )
    ) as step (step, statement)
    where not exists (
        select 1 from ({{ retention.valid_indexes() }}) as valid
        where
            valid.schema_name = needed.schema_name and valid.table_name = needed.table_name
            and valid.method = needed.method and valid.predicate = any(needed.accepted)
            and case
                when needed.is_ordered then valid.columns[1:cardinality(needed.columns)] = needed.columns
                else
                    valid.columns[1:cardinality(needed.columns)] @> needed.columns
                    and valid.columns[1:cardinality(needed.columns)] <@ needed.columns
            end
    )
{% endmacro %}
