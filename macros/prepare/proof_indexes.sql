{#
    The indexes that the var proofs asks for, which hold offending rows only, as a list of {table, predicate}: the very condition by
    which verification looks. None where a row is done by a table of ours or by what it holds: an index is of its own table's columns.
#}
{% macro proof_indexes() %}
    {%- set _proofs, _indexes = retention.proofs(), [] -%}
    {%- for _table in retention.data_map() if retention.entries_of(_table) | map(attribute='marker', default='aside')
        | select('in', ['aside', 'values', none]) | list | length == 0 -%}
        {%- if 'value_indexes' in _proofs and retention.stored_columns(_table) -%}
            {%- do _indexes.append(dict(table=_table, predicate=retention.is_left_behind(_table))) -%}
        {%- endif -%}
        {%- if 'marker_indexes' in _proofs and retention.is_cleared(_table) -%}
            {%- do _indexes.append(dict(table=_table, predicate=retention.is_cleared(_table))) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(_indexes) }}
{% endmacro %}
