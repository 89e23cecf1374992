{#- Generated from the data map: paths of JSON documents that it does not declare, in rows created since last night. -#}
{%- set _selects = [] -%}
{%- for _table in retention.data_map() -%}
{%- for _column in retention.personal_columns(_table) if _column.replacement == 'json' -%}
{%- do _selects.append(retention.undeclared_paths(_table, _column)) -%}
{%- endfor -%}
{%- endfor -%}
{{ _selects | join('\nunion all\n') if _selects else retention.no_offence('column_name', 'path', 'row_count') }}
