{#
    What the sources declare, sound or not: a list, one entry per table, read from the sources' meta:
    {name, relation, schema, identifier, key, marker, kind, owner, columns: [{name, data_type, personal, replacement, …}]}.
    Empty while dbt parses, when the graph is not known yet. A source without any of it in its meta is not ours.
#}
{% macro declared_map() %}
    {%- set _tables = [] -%}
    {#- A unit test of dbt knows no sources. -#}
    {%- if execute and graph.sources is defined -%}
        {%- for _source in graph.sources.values() | sort(attribute='name') -%}
            {%- set _meta_of_table = _source.config.meta or {} -%}
            {%- set _words = _meta_of_table.keys() | list -%}
            {%- set _columns = [] -%}
            {%- for _column in _source.columns.values() -%}
                {%- set _meta = _column.config.meta if _column.config and _column.config.meta else _column.meta -%}
                {%- set _is_kept = _meta_of_table.stays and (not _meta.replacement or _meta.unless_stays) -%}
                {%- set _said = {'personal': false, 'why': _meta_of_table.stays} if _is_kept else _meta -%}
                {%- do _columns.append(dict(_said, name=_column.name, data_type=_column.data_type)) -%}
                {%- do _words.extend(_meta.keys()) -%}
            {%- endfor -%}
            {%- if _words | select('in', ['key', 'marker', 'kind', 'owner', 'replacement', 'personal', 'decide']) | list -%}
                {%- do _tables.append(dict(
                    _meta_of_table, name=_source.name, relation=_source.relation_name,
                    schema=_source.schema, identifier=_source.identifier, columns=_columns,
                )) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(_tables) }}
{% endmacro %}
