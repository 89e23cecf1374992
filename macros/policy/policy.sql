{#
    What the data map and the vars say as JSON, for a plan and a written policy: default_months, direction, and one entry a
    declared table: {entry, table, rule, when, is_personal, questions, columns: [{name, becomes, why}]}. Reads the data map
    whether or not it is sound, so that what a person has yet to decide is shown beside what is proposed.
#}
{% macro policy() %}
    {%- set _months = retention.whole_number_var('default_retention_months', 24, 1, 1200) -%}
    {%- set _tables = [] -%}
    {%- for _table in retention.declared_map() -%}
        {%- set _columns, _questions = [], [] -%}
        {%- if _table.decide -%}{%- do _questions.append({'column': none, 'question': _table.decide}) -%}{%- endif -%}
        {%- for _column in _table.columns -%}
            {%- if _column.decide -%}{%- do _questions.append({'column': _column.name, 'question': _column.decide}) -%}{%- endif -%}
            {%- do _columns.append({
                'name': _column.name,
                'becomes': retention.becomes(_column) if 'replacement' in _column else none,
                'why': _column.why or none,
            }) -%}
        {%- endfor -%}
        {%- do _tables.append({
            'entry': _table.name,
            'table': _table.schema ~ '.' ~ _table.identifier,
            'rule': retention.rule_of_table(_table, _months ~ ' months'),
            'when': retention.when_due(_table, _months ~ ' months'),
            'is_personal': retention.personal_columns(_table) | length > 0,
            'questions': _questions,
            'columns': _columns,
        }) -%}
    {%- endfor -%}
    {{ tojson({
        'default_months': _months | int, 'direction': var('message_direction', 'both'), 'kinds': retention.kinds(), 'tables': _tables,
    }) }}
{% endmacro %}
