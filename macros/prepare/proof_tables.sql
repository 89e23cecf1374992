{#
    The data map's tables that may have indexes of their own, as a query: schema_name, table_name as the data map names them,
    place_name and own_name, the table itself or a partition of it. By names, not by to_regclass: an analyst may not look names up.
#}
{% macro proof_tables() %}
    select distinct
        mapped.schema_name,
        mapped.table_name,
        place.nspname::text as place_name,
        own.relname::text as own_name,
        own.oid as table_id
    from (
        values (null, null)
        {%- for _table in retention.data_map() %},
        ({{ retention.sql_literal(_table.schema) }}, {{ retention.sql_literal(_table.identifier) }})
        {%- endfor %}
    ) as mapped (schema_name, table_name)
    inner join pg_namespace as mapped_place on mapped_place.nspname = mapped.schema_name
    inner join pg_class as whole on whole.relname = mapped.table_name and whole.relnamespace = mapped_place.oid
    cross join lateral (
        select whole.oid as table_id
        union
        select relid from pg_partition_tree(whole.oid)
    ) as part
    inner join pg_class as own on part.table_id = own.oid and own.relkind = 'r'
    inner join pg_namespace as place on own.relnamespace = place.oid
{% endmacro %}
