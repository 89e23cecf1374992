{#
    The data map: what declared_map reads, refused where a table or column says something that can't be meant, or waits for a
    person's decision. Kept for as long as the project is compiled, since hundreds ask for it.
#}
{% macro data_map() %}
    {%- if not execute or graph.sources is not defined -%}
        {{ return([]) }}
    {%- elif graph.retention_data_map is not defined -%}
        {%- do graph.update({'retention_data_map': retention.as_judged(retention.require_sound_map(retention.declared_map()))}) -%}
    {%- endif -%}
    {{ return(graph.retention_data_map) }}
{% endmacro %}
