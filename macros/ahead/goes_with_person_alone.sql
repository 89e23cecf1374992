{# Whether rows of a table are judged by their own age, and done when a person takes along what they repeat. #}
{% macro goes_with_person_alone(table) -%}
    {{ return(
        table.name in retention.other_kinds() and not table.owner and retention.personal_columns(table) | length == 1
    ) }}
{%- endmacro %}
