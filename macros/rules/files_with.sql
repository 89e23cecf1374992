{# How many files go with a row of a kind, by what belongs to it and is not anonymized, as an SQL expression. #}
{% macro files_with(kind, row) -%}
    {%- set _counts = [] -%}
    {%- for _other in retention.other_kinds() -%}
        {%- set _view = ref('platform_' ~ _other) -%}
        {%- set _table = retention.kind_entry(_other) -%}
        {%- if (_table.owner or {}).table == kind and retention.has_file(_other, '') | trim != '0' -%}
            {%- set _id = retention.id_of(retention.kind_entry(kind)) -%}
            {%- set _count -%}
        (
            select count(*) from {{ _view }} as {{ _other[:-1] }}
            where {{ _other[:-1] }}.{{ _id }} = {{ row }}.{{ _id }} and {{ _other[:-1] }}.anonymized_on is null and {{ _other[:-1] }}.has_file
                {{- retention.same_environment(_other[:-1], row) }}
        )
            {%- endset -%}
            {%- do _counts.append(_count) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ _counts | join(' + ') if _counts else '0' }}
{%- endmacro %}
