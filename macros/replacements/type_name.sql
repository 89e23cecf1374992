{# A type's name in small letters without its length, and the length; none where it has none. #}
{% macro type_name(data_type) %}
    {%- set _found = modules.re.match('^\\s*([^(]*?)\\s*(?:\\(\\s*(\\d+)[^)]*\\))?\\s*(\\[\\])?\\s*$', (data_type or 'text') | lower) -%}
    {%- set _name = (_found.group(1) if _found else data_type) ~ ((_found.group(3) or '') if _found else '') -%}
    {{ return((_name, (_found.group(2) | int) if _found and _found.group(2) else none)) }}
{% endmacro %}
