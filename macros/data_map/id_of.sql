{# What the thin view of a table calls its key: `message_id` of messages; meta.singular says where the word is another. #}
{% macro id_of(table) -%}
    {{ return((table.singular or (table.name[:-1] if table.name.endswith('s') else table.name)) ~ '_id') }}
{%- endmacro %}
