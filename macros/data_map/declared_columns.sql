{# The data map as rows (table_schema, table_name, column_name), for comparing with the database's catalog. #}
{% macro declared_columns() %}
    {%- set _rows = [] -%}
    {%- for _table in retention.data_map() -%}
        {%- for _column in _table.columns -%}
            {%- do _rows.append("('" ~ _table.schema ~ "', '" ~ _table.identifier ~ "', '" ~ _column.name ~ "')") -%}
        {%- endfor -%}
    {%- endfor -%}
    select * from (
        values {{ _rows | join(', ') if _rows else "('', '', '')" }}
    ) as declared (table_schema, table_name, column_name)
{% endmacro %}
