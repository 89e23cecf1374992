{#
    The indexes of offending rows that should stand, as a query over `places`, the tables: their columns, index_name, key_name,
    predicate. The name is of fixed length, and differs from partition to partition.
#}
{% macro wanted_proofs() %}
    select distinct
        places.*, declared.key_name, declared.predicate,
        'retention_proof_' || md5(concat_ws(' ', place_name, own_name, key_name, predicate)) as index_name
    from (
        values (null, null, null, null)
        {%- for _index in retention.proof_indexes() %},
        (
            {{ retention.sql_literal(_index.table.schema) }}, {{ retention.sql_literal(_index.table.identifier) }},
            {{ retention.sql_literal(_index.table.key) }}, {{ retention.sql_literal(modules.re.sub('\n\s*', ' ', _index.predicate)) }}
        )
        {%- endfor %}
    ) as declared (schema_name, table_name, key_name, predicate)
    inner join places using (schema_name, table_name)
{% endmacro %}
