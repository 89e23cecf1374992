{# An empty list of offences, for when there is no table to look at. #}
{% macro no_offence() %}
select
    cast(null as text) as environment_id,
    cast(null as text) as kind,
    {%- for _name in varargs %}
    cast(null as text) as {{ _name }},
    {%- endfor %}
    cast(null as text) as reason
where false
{% endmacro %}
