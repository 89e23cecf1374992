{# When the rows of a declared table are due, in words: `months` is the period, as "24 months". #}
{% macro when_due(table, months) %}
    {%- set _created = table.counted_from or retention.created_column(table) or 'their creation in the platform' -%}
    {%- if not retention.personal_columns(table) -%}
        {{ return('never: nothing in them is personal') }}
    {%- elif table.owner -%}
        {%- set _joined = '' if table.owner is mapping and table.owner.key else ', the last of them where there are several' -%}
        {{ return('with the row of ' ~ (table.owner.table if table.owner is mapping else '?') ~ ' that they belong to' ~ _joined) }}
    {%- elif table.name == 'users' -%}
        {{ return(months ~ ' after their last message, or after ' ~ _created ~ ' of who never wrote') }}
    {%- elif table.name == 'messages' and var('message_direction', 'both') == 'inbound' -%}
        {{ return(months ~ ' after ' ~ _created ~ ', where a customer wrote them') }}
    {%- endif -%}
    {{ return(months ~ ' after ' ~ _created) }}
{% endmacro %}
