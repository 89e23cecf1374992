{# Whether a valid GIN index of a column with several keys stands: without one, to look each key up would read the table as often. #}
{% macro has_key_index(table, column) -%}
    {#- A unit test of dbt knows no sources. -#}
    {%- if not execute or graph.sources is not defined or not retention.is_looked_up_inside(column) -%} {{ return(false) }} {%- endif -%}
    {%- set _query -%}
        select 1 from ({{ retention.valid_indexes() }}) as valid
        where
            valid.schema_name = {{ retention.sql_literal(table.schema) }}
            and valid.table_name = {{ retention.sql_literal(table.identifier) }}
            and valid.method = 'gin' and valid.columns = {{ retention.sql_array([column.name]) }} and valid.predicate = ''
        limit 1
    {%- endset -%}
    {{ return(run_query(_query).rows | length > 0) }}
{%- endmacro %}
