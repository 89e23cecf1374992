{# 1 where a row of a kind names a file of its own, else 0, in SQL; 0 for kinds whose rows name none. #}
{% macro has_file(kind, row) -%}
    {%- set _table = retention.kind_entry(kind) -%}
    {%- if retention.file_columns(_table) or (kind == 'attachments' and not _table.columns) -%}
    {{ row }}.has_file::integer
    {%- else -%} 0 {%- endif -%}
{%- endmacro %}
