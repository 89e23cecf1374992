{#
    Whether the row `due_row` is this lane's, as an SQL condition that follows others; nothing where there is one lane. Messages
    are shared out by their key, so that two lanes never look for the same rows, in runs of 256, since neighbours mostly share a page;
    whatever else there is belongs to the first.
#}
{% macro in_lane(table) -%}
    {%- set _lanes = (retention.run_setting('lanes') or 1) | int -%}
    {%- set _lane = (retention.run_setting('lane') or 0) | int -%}
    {%- if _lanes > 1 and table.name == 'messages' -%}
        {%- set _key = table.columns | selectattr('name', 'equalto', table.key) | first -%}
        {%- if _key.data_type in ('bigint', 'integer', 'smallint') %}
    and abs(due_row.{{ retention.id_of(table) }} / 256 % {{ _lanes }}) = {{ _lane }}
        {%- else %}
    and (hashtextextended(due_row.{{ retention.id_of(table) }}::text, 0) & 1073741823) % {{ _lanes }} = {{ _lane }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
