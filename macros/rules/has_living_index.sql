{# Whether a valid index of the kind's living rows by environment and creation stands, asked of the database at hand. #}
{% macro has_living_index(kind) -%}
    {%- set _tables = retention.data_map() | selectattr('name', 'equalto', kind) | list -%}
    {%- if not execute or not _tables -%} {{ return(false) }} {%- endif -%}
    {%- set _name = retention.sql_literal(_tables[0].schema) ~ ', ' ~ retention.sql_literal(_tables[0].identifier) -%}
    {%- set _query -%}
        select 1 from ({{ retention.valid_indexes() }}) as valid
        where
            valid.table_id = to_regclass(format('%I.%I', {{ _name }}))
            and valid.columns[:2] = array['environment_id', 'created_at']
            and valid.predicate in ('', {{ retention.sql_literal(_tables[0].marker ~ 'isnull') }})
        limit 1
    {%- endset -%}
    {{ return(run_query(_query).rows | length > 0) }}
{%- endmacro %}
