{#
    The data map's tables that the database has, as a query: schema_name, table_name, marker (null where the table is
    never emptied), promise (what a marked row keeps, as an SQL condition), table_id.
#}
{% macro mapped_tables() %}
    select
        mapped.*,
        to_regclass(quote_ident(mapped.schema_name) || '.' || quote_ident(mapped.table_name)) as table_id
    from (
        values
        (null, null, null, null)
        {%- for _table in retention.data_map() %},
        (
            {{ retention.sql_literal(_table.schema) }}, {{ retention.sql_literal(_table.identifier) }},
            {{ retention.sql_literal(_table.marker) if retention.has_marker_column(_table) else 'null' }},
            {{ retention.sql_literal(retention.promise(_table)) if retention.has_marker_column(_table) else 'null' }}
        )
        {%- endfor %}
    ) as mapped (schema_name, table_name, marker, promise)
    where mapped.table_name is not null
{% endmacro %}
