{# A timestamptz literal of an ISO 8601 instant; without a zone it is Paris time. Anything else is refused. #}
{% macro instant(text) -%}
    {%- set _text = text | string | trim -%}
    {%- set _shape = '^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}(:?\d{2})?)?)?$' -%}
    {%- if not modules.re.match(_shape, _text) -%}
        {%- do exceptions.raise_compiler_error(
            "Reading the instant '" ~ _text ~ "': expected ISO 8601, as in 2027-01-01 or 2027-01-01T02:00+01:00. "
            "Give as_of in that form; without a zone it is Paris time."
        ) -%}
    {%- endif -%}
    {%- if modules.re.search('(Z|[+-]\d{2}(:?\d{2})?)$', _text[10:]) -%}
        timestamp with time zone '{{ _text }}'
    {%- else -%}
        (timestamp '{{ _text }}' at time zone 'Europe/Paris')
    {%- endif -%}
{%- endmacro %}
