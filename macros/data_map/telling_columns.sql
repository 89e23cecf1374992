{#
    The columns whose random identifier says that the row was anonymized. One that repeats a person's identifier does not where
    something else of the row is personal: it goes with the person, and the rest with the row's own age (S3).
#}
{% macro telling_columns(table) %}
    {%- set _personal = retention.personal_columns(table) -%}
    {%- set _random = _personal | selectattr('replacement', 'equalto', 'random_id') | list -%}
    {{ return(_random if _personal | length == 1 else _random | rejectattr('identifies', 'defined') | list) }}
{% endmacro %}
