{#- Generated from the data map: rows that look anonymized and are not marked as such; each table once. -#}
{%- set _selects, _seen = [], [] -%}
{%- for _table in retention.data_map() if _table.marker -%}
{%- if retention.telling_columns(_table) and _table.relation not in _seen -%}
{%- do _seen.append(_table.relation) -%}
{%- do _selects.append(retention.cleared_markers(_table)) -%}
{%- endif -%}
{%- endfor -%}
{{ _selects | join('\nunion all\n') if _selects else retention.no_offence('row_id') }}
