{#
    Statements that build the indexes of offending rows, concurrently, and drop those that the var proofs or the data map no longer
    asks for. An index is known by its name, which carries the hash of its condition: PostgreSQL writes a condition in words of its own.
#}
{% macro missing_proofs() %}
    select 'indexes', 2, index_name, step, statement, true, null
    from (
        with places as ({{ retention.proof_tables() }}),

        wanted as ({{ retention.wanted_proofs() }}),

        present as (
            select places.place_name, places.table_id, pg_class.relname::text as index_name, indisvalid and indisready as is_valid
            from places
            inner join pg_index on places.table_id = pg_index.indrelid
            inner join pg_class on pg_index.indexrelid = pg_class.oid and pg_class.relname ~ '^retention_proof_'
        )

        select index_name, 1 as step, format('drop index concurrently if exists %I.%I', place_name, index_name) as statement
        from present where not is_valid
        union
        select index_name, 2, format(
            'create index concurrently if not exists %I on %I.%I (%I) where %s', index_name, place_name, own_name, key_name, predicate
        )
        from wanted where (table_id, index_name) not in (select table_id, index_name from present where is_valid)
        union
        select index_name, 3, format('drop index concurrently if exists %I.%I', place_name, index_name)
        from present where is_valid and (table_id, index_name) not in (select table_id, index_name from wanted)
    ) as proof
{% endmacro %}
