{# Whether an index leads from the key of a row to the rows of another thin view that name it. #}
{% macro is_led_to(other, table) %}
    {%- set _type = (table.columns | selectattr('name', 'equalto', table.key) | first).data_type -%}
    {{ return(retention.is_led_by(other, retention.id_of(table), _type)) }}
{% endmacro %}
