{# The period to judge by: the var hypothetical_months, "what if it were", else the environment's own. SQL of an integer. #}
{% macro months_in_question() -%}
    {%- set _given = retention.run_setting('hypothetical_months') -%}
    {%- if _given is none -%}
        retention_months
    {%- elif not modules.re.match('^(1200|1[01][0-9]{2}|[1-9][0-9]{0,2})$', _given | string) -%}
        {%- do exceptions.raise_compiler_error(
            "Reading the var hypothetical_months: expected whole months from 1 to 1200, found '" ~ _given ~ "'. "
            "Give it as in --vars '{hypothetical_months: 12}'."
        ) -%}
    {%- else -%}
        {{ _given }}
    {%- endif -%}
{%- endmacro %}
