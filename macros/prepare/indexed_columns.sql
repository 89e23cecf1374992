{# The columns of an index as a statement names them, from an array: one with ::text behind it is indexed as text. #}
{% macro indexed_columns(columns) -%}
    (
        select string_agg(
            case when name like '%::text' then format('(%I::text)', left(name, -6)) else quote_ident(name) end, ', ' order by n
        ) from unnest({{ columns }}) with ordinality as k (name, n)
    )
{%- endmacro %}
