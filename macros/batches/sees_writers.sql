{# Whether the current role may read of each of the tables which transaction wrote a row last. #}
{% macro sees_writers(tables) %}
    {%- if not execute -%} {{ return(false) }} {%- endif -%}
    {%- set _names = tables | map(attribute='relation') | map('string') | list -%}
    {{ return(run_query(
        "select coalesce(bool_and(has_column_privilege(to_regclass(name), 'xmin', 'select')), false)"
        ~ " from unnest(" ~ retention.sql_array(_names) ~ ") as mapped (name)"
    ).rows[0][0]) }}
{% endmacro %}
