{#
    Proves a batch once more where a trigger of the platform was put off until it was through, which may put a value back: into
    any of its tables, whichever it is of.
#}
{% macro prove_what_was_deferred(table) %}
    {%- set _proved = [(table, '_keys')] -%}
    {%- for _dependent in retention.data_map() | selectattr('owner') | selectattr('owner.table', 'equalto', table.name) -%}
        {%- do _proved.append((_dependent, '_' ~ _dependent.name ~ '_keys')) -%}
    {%- endfor -%}
    {%- set _deferred = [] -%}
    {%- for _table in (_proved | map('first') | list) + (retention.repeated_identifiers(table.name) | map('first') | list) -%}
        {%- do _deferred.append(retention.is_watched(_table, which='tginitdeferred')) -%}
    {%- endfor %}
                if {{ _deferred | unique | join('\n                or ') }} then
    {%- for _table, _keys in _proved %}
                    {{ retention.prove_emptied(_table, _keys, retention.personal_columns(_table)) }}
    {%- endfor %}
    {%- for _other, _column in retention.repeated_identifiers(table.name) if retention.personal_columns(_other) | length == 1 %}
                    {{ retention.prove_emptied(_other, '_' ~ _other.name ~ '_keys', [_column]) }}
    {%- endfor %}
                end if;
{%- endmacro %}
