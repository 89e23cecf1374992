{# Whether a row names a file of its own, for the thin view of its table: tells analysts that there is one, not which. #}
{% macro has_own_file(table_name, column_name) -%}
    {%- if execute -%}
        {%- set _table = retention.mapped_table(table_name) -%}
        {%- set _column = _table.columns | selectattr('name', 'equalto', column_name) | first -%}
        ({{ retention.names_own_file(_table, _column) }})
    {%- else -%}
        null
    {%- endif -%}
{%- endmacro %}
