{# What a personal column holds once its row is anonymized, as an SQL expression. Nothing is derived from the old value but the day. #}
{% macro replacement(column) -%}
    {%- set _what = column.leaves if column.replacement == 'file' else column.replacement -%}
    {%- if _what == 'empty' -%}
        {{ "'{}'" if (column.data_type or '').endswith('[]') else "''" }}
    {%- elif _what == 'null' -%}
        null
    {%- elif _what == 'random_id' -%}
        {{ retention.random_id() }}
    {%- elif _what == 'constant' -%}
        {{ retention.constant(column) }}
    {%- elif _what == 'day' -%}
        {{ retention.paris_day(column.name) }}
    {%- else -%}
        {%- do exceptions.raise_compiler_error(
            "Reading the data map: column '" ~ column.name ~ "' has the replacement '" ~ _what ~ "'; expected empty, null, "
            "random_id, constant, day, or file with leaves empty or null. Mend it in the sources' YAML."
        ) -%}
    {%- endif -%}
{%- endmacro %}
