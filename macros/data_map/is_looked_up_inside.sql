{#
    Whether one key can be looked up inside a column that holds several, by a GIN index: keys in an array of text or in JSONB. Of
    URLs it can't, since a key is written in many ways in them; nor of a type that a key may not be read as.
#}
{% macro is_looked_up_inside(column) -%}
    {{ return(column.holds == 'keys' and retention.type_name(column.data_type)[0] in ('text[]', 'character varying[]', 'varchar[]', 'jsonb')) }}
{%- endmacro %}
