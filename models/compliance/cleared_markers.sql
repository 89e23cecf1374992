{#- Generated from the data map: rows that look anonymized and are not marked as such. -#}
{%- set _selects = [] -%}
{%- for _table in retention.data_map() if _table.marker -%}
{%- if retention.telling_columns(_table) -%}
{%- do _selects.append(retention.cleared_markers(_table)) -%}
{%- endif -%}
{%- endfor -%}
{{ _selects | join('\nunion all\n') if _selects else retention.no_offence('row_id') }}
