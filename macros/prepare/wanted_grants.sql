{#
    What the two roles may do with tables and views, as a query: role_name, schema_name, table_name, column_name (null: the
    whole table), privilege. The runner reads declared columns and which transaction wrote a row last, and updates personal columns
    and the marker.
#}
{% macro wanted_grants() %}
    select * from (
        values
        (null, null, null, null, null)
        {%- for _table in retention.data_map() -%}
            {%- set _place = "'" ~ retention.runner_role() ~ "', " ~ retention.sql_literal(_table.schema) ~ ', ' ~ retention.sql_literal(_table.identifier) -%}
            {%- for _column in _table.columns %},
        ({{ _place }}, {{ retention.sql_literal(_column.name) }}, 'SELECT')
                {%- if _table.marker and (_column.replacement is defined or _column.name == _table.marker) %},
        ({{ _place }}, {{ retention.sql_literal(_column.name) }}, 'UPDATE')
                {%- endif -%}
            {%- endfor -%}
            {%- if _table.marker %},
        ({{ _place }}, 'xmin', 'SELECT'),
        ({{ _place }}, null, 'MAINTAIN')
            {%- endif -%}
        {%- endfor -%}
        {%- for _relation in retention.shared_relations() %},
        ('{{ retention.analyst_role() }}', {{ retention.sql_literal(_relation.schema) }}, {{ retention.sql_literal(_relation.identifier) }}, null, 'SELECT')
        {%- endfor %}
    ) as wanted (role_name, schema_name, table_name, column_name, privilege)
    where
        -- What a run builds later, it grants itself. Vacuum and analyze need the owner before PostgreSQL 17.
        (role_name = '{{ retention.runner_role() }}' or to_regclass(quote_ident(schema_name) || '.' || quote_ident(table_name)) is not null)
        and (privilege <> 'MAINTAIN' or current_setting('server_version_num')::integer >= 170000)
{% endmacro %}
