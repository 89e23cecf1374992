{#
    What the current role lacks for a night, a row for each table and right: select and update with the columns, `maintain`
    where it may not vacuum and analyze, `rows` where row security would hide some from it. Reads the catalogs only.
#}
{% macro missing_rights() %}
    with wanted as ({{ retention.wanted_grants() }}),

    mapped as ({{ retention.mapped_tables() }})

    select wanted.table_name, lower(wanted.privilege) as privilege, string_agg(wanted.column_name, ', ') as column_names
    from wanted
    inner join mapped using (schema_name, table_name)
    inner join pg_attribute as found on mapped.table_id = found.attrelid and wanted.column_name = found.attname and found.attnum > 0
    where
        wanted.role_name = '{{ retention.runner_role() }}' and not found.attisdropped
        and not (
            has_schema_privilege(wanted.schema_name, 'usage')
            and has_column_privilege(mapped.table_id, found.attnum, wanted.privilege)
        )
    group by wanted.table_name, wanted.privilege
    union all
    select mapped.table_name, 'maintain', null
    from mapped
    inner join pg_class on mapped.table_id = pg_class.oid
    inner join pg_database on pg_database.datname = current_database()
    where mapped.marker is not null and not case
        when current_setting('server_version_num')::integer >= 170000 then has_table_privilege(pg_class.oid, 'maintain')
        else pg_has_role(pg_class.relowner, 'usage') or pg_has_role(pg_database.datdba, 'usage')
    end
    union all
    select table_name, 'rows', null from mapped where row_security_active(table_id)
{% endmacro %}
