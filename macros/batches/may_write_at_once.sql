{#
    Whether batches of a table may write without locking its rows first, as long as nobody else is at them: rows that only their
    own age makes due, and of which nothing is read before they are written. PostgreSQL 18 returns what the proof needs; the
    role has to see which transaction wrote a row last.
#}
{% macro may_write_at_once(table, thin) %}
    {%- if table.name == 'users' or table.owner or retention.is_repeated(table.name) or retention.file_columns(table) or retention.is_distributed() -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set _dependents = retention.data_map() | selectattr('owner') | selectattr('owner.table', 'equalto', table.name) | list -%}
    {%- for _dependent in _dependents if retention.may_be_shared(_dependent, retention.thin_view(_dependent.name)) -%}
        {{ return(false) }}
    {%- endfor -%}
    {{ return(retention.update_tells_old() and not retention.may_be_shared(table, thin) and retention.sees_writers([table] + _dependents)) }}
{% endmacro %}
