{#
    The indexes without which a night reads whole tables, from the data map: a list of {table, columns, is_ordered,
    predicate, accepted, method}. A column with ::text behind it is indexed as text. `is_ordered`: the columns' order matters. `accepted`: predicates, with parentheses, blanks and
    types left out, under which another index does as well; empty is an index of all rows. `method`: where it is no b-tree.
    `included`: the key, where a table of ours says by it what is done, so that no row has to be read.
#}
{% macro needed_indexes() %}
    {%- set _needs = [] -%}
    {%- for _table in retention.data_map() -%}
        {%- set _names = _table.columns | map(attribute='name') | list -%}
        {%- set _environment, _created = retention.environment_column(_table), retention.created_column(_table) -%}
        {%- if (_table.kind or _table.owner) and _environment and _created -%}
            {%- set _marker = _table.marker if retention.has_marker_column(_table) -%}
            {%- do _needs.append(dict(
                table=_table, columns=[_environment, _created], is_ordered=true,
                predicate=retention.plain_name(_marker) ~ ' is null' if _marker, accepted=[_marker | lower ~ 'isnull' if _marker else ''],
                included=_table.key if (_table.marker or 'aside') == 'aside',
            )) -%}
        {%- endif -%}
        {#- U1: is there a message from this user within the period? -#}
        {%- if _table.name == 'messages' and 'user_id' in _names and _created -%}
            {%- do _needs.append(dict(table=_table, columns=['user_id', _created], is_ordered=true, accepted=[''])) -%}
        {%- endif -%}
        {%- if _table.owner and _table.owner.key -%}
            {%- do _needs.append(dict(table=_table, columns=[_table.owner.key], accepted=[''])) -%}
        {%- endif -%}
        {%- do _needs.extend(retention.indexes_of_files(_table)) -%}
        {%- for _column in retention.personal_columns(_table) if _column.identifies -%}
            {%- do _needs.append(dict(table=_table, columns=(retention.shared_columns(_column) | map(attribute=0) | list) + [_column.name], accepted=[''])) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(_needs) }}
{% endmacro %}
