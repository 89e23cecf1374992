{# What brings the keys of all other kinds to one type, as a cast; nothing where they are bigint all, as analysts know them. #}
{% macro cast_of_keys() -%}
    {%- for kind in retention.other_kinds('attachments') -%}
        {%- set _table = retention.kind_entry(kind) -%}
        {%- for _column in _table.columns if _column.name == _table.key and _column.data_type != 'bigint' -%}
            {{ return('::text') }}
        {%- endfor -%}
    {%- endfor -%}
    {{ return('') }}
{%- endmacro %}
