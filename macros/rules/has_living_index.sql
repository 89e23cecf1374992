{#
    Whether a valid index of the kind's living rows by environment and creation stands, asked of the database at hand. By
    its names in the catalogs: an analyst has no right on the platform's schema, in which to look a name up.
    One of all rows does too, unless it is to be `is_partial`.
#}
{% macro has_living_index(kind, is_partial=false) -%}
    {#- A unit test of dbt knows no sources. -#}
    {%- if not execute or graph.sources is not defined or retention.is_distributed() -%} {{ return(false) }} {%- endif -%}
    {%- set _tables = retention.data_map() | selectattr('name', 'equalto', kind) | list -%}
    {%- if not _tables -%} {{ return(false) }} {%- endif -%}
    {%- set _query -%}
        select 1 from ({{ retention.valid_indexes() }}) as valid
        where
            valid.schema_name = {{ retention.sql_literal(_tables[0].schema) }}
            and valid.table_name = {{ retention.sql_literal(_tables[0].identifier) }}
            and valid.columns[:2] = {{ retention.sql_array([retention.environment_column(_tables[0]), retention.created_column(_tables[0])]) }}
            and valid.method = 'btree' and valid.predicate in ({{ "'', " if not is_partial }}{{ retention.sql_literal((_tables[0].marker | lower) ~ 'isnull') }})
        limit 1
    {%- endset -%}
    {{ return(run_query(_query).rows | length > 0) }}
{%- endmacro %}
