{# The declared tables, without kind, owner and marker where nothing is personal: what stays is judged by nothing. #}
{% macro as_judged(tables) %}
    {%- set _judged = [] -%}
    {%- for _table in tables -%}
        {%- set _stays = [] if retention.is_judged_table(_table) else ['kind', 'owner', 'marker'] -%}
        {%- do _judged.append(dict(_table.items() | rejectattr(0, 'in', _stays))) -%}
    {%- endfor -%}
    {{ return(_judged) }}
{% endmacro %}
