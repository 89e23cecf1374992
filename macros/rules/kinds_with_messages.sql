{# Messages, and the kinds of row that belong to them. #}
{% macro kinds_with_messages() %}
    {%- set _kinds = ['messages'] -%}
    {%- for _kind in retention.other_kinds() if (retention.kind_entry(_kind).owner or {}).table == 'messages' -%}
        {%- do _kinds.append(_kind) -%}
    {%- endfor -%}
    {{ return(_kinds) }}
{% endmacro %}
