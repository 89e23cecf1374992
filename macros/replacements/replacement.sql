{# What a personal column holds once its row is anonymized, as an SQL expression. Nothing is derived from the old value but the day. #}
{% macro replacement(column) -%}
    {%- set _what = column.leaves if column.replacement == 'file' else column.replacement -%}
    {%- if _what == 'empty' -%}
        {{ retention.empty(column) }}
    {%- elif _what == 'null' -%}
        null
    {%- elif _what == 'random_id' -%}
        {{ retention.random_id(column) }}
    {%- elif _what == 'constant' -%}
        {{ retention.constant(column) }}
    {%- elif _what == 'day' -%}
        {{ retention.paris_day(retention.column_sql(column)) }}
    {%- elif _what == 'json' -%}
        {{ retention.json_function('emptied_json', column) }}::{{ retention.type_name(column.data_type)[0] }}
    {%- else -%}
        {%- do exceptions.raise_compiler_error(
            "Reading the data map: column '" ~ column.name ~ "' has the replacement '" ~ _what ~ "'; expected empty, null, "
            "random_id, constant, day, json, or file with leaves empty or null. Mend it in the sources' YAML."
        ) -%}
    {%- endif -%}
{%- endmacro %}
