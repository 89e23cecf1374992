{# The data map's entry of a kind; while dbt parses, and in its unit tests, which know no sources, one with the word's own names. #}
{% macro kind_entry(kind) %}
    {%- for _table in retention.data_map() if _table.name == kind -%}
        {{ return(_table) }}
    {%- endfor -%}
    {%- if execute and graph.sources is defined -%}
        {{ return(retention.mapped_table(kind)) }}
    {%- endif -%}
    {%- set _owner = {'table': 'messages'} if kind == 'attachments' -%}
    {{ return({'name': kind, 'key': retention.id_of({'name': kind}), 'kind': kind, 'owner': _owner, 'columns': []}) }}
{% endmacro %}
