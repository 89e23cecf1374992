{# Proves a batch once more where a trigger of the platform was put off until it was through, which may put a value back. #}
{% macro prove_what_was_deferred(table) %}
    {%- set _proved = [(table, '_keys')] -%}
    {%- for _dependent in retention.data_map() | selectattr('owner') | selectattr('owner.table', 'equalto', table.name) -%}
        {%- do _proved.append((_dependent, '_' ~ _dependent.name ~ '_keys')) -%}
    {%- endfor -%}
    {%- for _table, _keys in _proved %}
                if {{ retention.is_watched(_table, is_deferred=true) }} then
                    {{ retention.prove_emptied(_table, _keys, retention.personal_columns(_table)) }}
                end if;
    {%- endfor %}
{%- endmacro %}
