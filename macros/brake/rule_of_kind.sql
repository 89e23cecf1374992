{# What happens to the kind at hand, as an SQL expression of a sentence. #}
{% macro rule_of_kind() -%}
    case compared.kind
    {%- for kind in retention.kinds() %}
        when '{{ kind }}' then '{{ retention.rule_in_words(kind) | replace("'", "''") }}'
    {%- endfor %}
    end
{%- endmacro %}
