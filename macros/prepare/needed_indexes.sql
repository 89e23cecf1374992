{#
    The indexes without which a night reads whole tables, from the data map: a list of {table, columns, is_ordered,
    predicate, accepted}. `is_ordered`: the columns' order matters. `accepted`: predicates, with parentheses, blanks and
    types left out, under which another index does as well; empty is an index of all rows.
#}
{% macro needed_indexes() %}
    {%- set _needs = [] -%}
    {%- for _table in retention.data_map() -%}
        {%- set _names = _table.columns | map(attribute='name') | list -%}
        {%- if _table.kind and 'environment_id' in _names and 'created_at' in _names -%}
            {%- do _needs.append(dict(
                table=_table, columns=['environment_id', 'created_at'], is_ordered=true,
                predicate=_table.marker ~ ' is null', accepted=[_table.marker ~ 'isnull'],
            )) -%}
        {%- endif -%}
        {#- U1: is there a message from this user within the period? -#}
        {%- if _table.name == 'messages' and 'user_id' in _names and 'created_at' in _names -%}
            {%- do _needs.append(dict(table=_table, columns=['user_id', 'created_at'], is_ordered=true, accepted=[''])) -%}
        {%- endif -%}
        {%- if _table.owner -%}
            {%- do _needs.append(dict(table=_table, columns=[_table.owner.key], accepted=[''])) -%}
        {%- endif -%}
        {%- for _column in retention.file_columns(_table) -%}
            {%- do _needs.append(dict(
                table=_table, columns=[_column.bucket, _column.name], predicate=_column.name ~ " <> ''",
                accepted=['', _column.name ~ "<>''", _column.name ~ 'isnotnull'],
            )) -%}
        {%- endfor -%}
        {%- for _column in retention.personal_columns(_table) if _column.identifies -%}
            {%- do _needs.append(dict(table=_table, columns=_column.identifies.within + [_column.name], accepted=[''])) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(_needs) }}
{% endmacro %}
