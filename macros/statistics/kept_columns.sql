{# The columns of a data-map table that statistics and keys stand on: those with `proves`. #}
{% macro kept_columns(table) %}
    {{ return(table.columns | selectattr('proves', 'defined') | list) }}
{% endmacro %}
