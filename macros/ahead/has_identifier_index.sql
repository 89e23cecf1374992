{# Whether a valid index leads to the rows that repeat an identifier, asked of the database at hand. #}
{% macro has_identifier_index(table, column) -%}
    {%- if not execute or graph.sources is not defined or retention.is_distributed() -%} {{ return(false) }} {%- endif -%}
    {%- set _columns = (retention.shared_columns(column) | map('first') | list) + [column.name] -%}
    {%- set _query -%}
        select 1 from ({{ retention.valid_indexes() }}) as valid
        where
            valid.schema_name = {{ retention.sql_literal(table.schema) }}
            and valid.table_name = {{ retention.sql_literal(table.identifier) }}
            and valid.columns[:{{ _columns | length }}] @> {{ retention.sql_array(_columns) }}
            and valid.predicate = ''
        limit 1
    {%- endset -%}
    {{ return(run_query(_query).rows | length > 0) }}
{%- endmacro %}
