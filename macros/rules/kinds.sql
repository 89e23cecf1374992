{#
    The kinds of row that are judged, each with lines of its own in the ledger, in the order in which they are shown: the var
    `kinds`, since dbt has to know them before it knows the data map. Each has a thin view `platform_<kind>`. Once the map is
    known, those in whose rows nothing is personal are no kinds: somebody decided that they stay, and there is nothing to do.
#}
{% macro kinds() %}
    {%- set _kinds = var('kinds', ['messages', 'attachments', 'users', 'chatbot_conversations', 'custom_events']) -%}
    {%- if _kinds is string or _kinds is not sequence or 'messages' not in _kinds or 'users' not in _kinds
        or _kinds | unique | list | length < _kinds | length or _kinds | reject('string') | list -%}
        {%- do exceptions.raise_compiler_error(
            "Reading the var kinds: expected a list of names, each once, messages and users among them, found '" ~ _kinds
            ~ "'. Set it under vars in dbt_project.yml."
        ) -%}
    {%- endif -%}
    {%- if not execute or graph.sources is not defined -%}
        {{ return(_kinds) }}
    {%- elif graph.retention_staying is not defined -%}
        {%- set _staying = [] -%}
        {%- for _table in retention.declared_map() if not retention.is_judged_table(_table) -%}{%- do _staying.append(_table.name) -%}{%- endfor -%}
        {%- do graph.update({'retention_staying': _staying}) -%}
    {%- endif -%}
    {{ return(_kinds | reject('in', graph.retention_staying) | list) }}
{% endmacro %}
