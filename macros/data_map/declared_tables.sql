{# The tables that the sources declare, personal or not, as rows (table_schema, table_name). #}
{% macro declared_tables() %}
    {%- set _rows = [] -%}
    {%- if execute -%}
        {%- set _schemas = retention.data_map() | map(attribute='schema') | unique | list -%}
        {%- for _source in graph.sources.values() if _source.schema in _schemas -%}
            {%- do _rows.append("('" ~ _source.schema ~ "', '" ~ _source.identifier ~ "')") -%}
        {%- endfor -%}
    {%- endif -%}
    select * from (
        values {{ _rows | join(', ') if _rows else "('', '')" }}
    ) as declared_table (table_schema, table_name)
{% endmacro %}
