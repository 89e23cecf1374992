{#- Generated from the data map: rows marked as anonymized that still hold, or hold again, a personal value. -#}
{%- set _selects = [] -%}
{%- for _table in retention.data_map() if _table.marker and retention.personal_columns(_table) -%}
{%- do _selects.append(retention.values_left_behind(_table)) -%}
{%- endfor -%}
{{ _selects | join('\nunion all\n') if _selects else retention.no_offence('row_id', 'column_name') }}
