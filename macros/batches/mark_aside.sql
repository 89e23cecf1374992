{# Notes emptied rows as done in a table of ours, where the platform's own has no column for it. #}
{% macro mark_aside(table, keys) -%}
    {%- if (table.marker or 'aside') == 'aside' -%}
                insert into {{ retention.done_rows() }} (kind, row_key, anonymized_on)
                select '{{ table.name }}', emptied.row_key::text, _anonymized_on
                from unnest({{ keys }}) as emptied (row_key)
                on conflict (kind, row_key) do nothing;
    {%- endif -%}
{%- endmacro %}
