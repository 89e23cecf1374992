{#- Generated from the data map: rows that look anonymized and are not marked as such, so that the next runs would not know. -#}
{%- set _selects = [] -%}
{%- for _table in retention.data_map() if _table.marker and 'random_id' in _table.columns | map(attribute='replacement', default='') -%}
{%- do _selects.append(retention.cleared_markers(_table)) -%}
{%- endfor -%}
{{ _selects | join('\nunion all\n') if _selects else retention.no_offence('row_id') }}
