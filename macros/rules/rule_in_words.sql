{# What happens to one kind of row, as a sentence a person can check, in the policy's words. #}
{% macro rule_in_words(kind) %}
    {%- set _direction = 'inbound messages' if var('message_direction', 'both') == 'inbound' else 'messages' -%}
    {%- set _which = {
        'messages': _direction ~ ' created in the platform before the cutoff',
        'attachments': 'attachments that came after their message was anonymized',
        'users': 'users without a message since the cutoff, and those who never wrote, created before it',
    }.get(kind, kind | replace('_', ' ') ~ ' created before the cutoff') -%}
    {%- set _named = [] -%}
    {%- for _table in retention.data_map() if _table.name == kind or (_table.owner and _table.owner.table == kind) -%}
        {%- for _column in retention.personal_columns(_table) -%}
            {%- set _name = _column.name if _table.name == kind else _table.name ~ '.' ~ _column.name -%}
            {%- do _named.append([_name, _column]) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(_which ~ ': ' ~ retention.replaced_in_words(_named)) }}
{% endmacro %}
