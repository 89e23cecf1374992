{# The kinds of row as rows of one column, `kind`, in SQL. #}
{% macro rows_of_kinds() -%}
    select unnest(array['{{ retention.kinds() | join("', '") }}']) as kind
{%- endmacro %}
