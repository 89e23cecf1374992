{# A column that holds one object key, as text: platforms name objects by a uuid as well. #}
{% macro key_sql(column) -%}
    {{ retention.column_sql(column) }} {{- '::text' if retention.type_name(column.data_type)[0] in ['uuid', 'bigint'] }}
{%- endmacro %}
