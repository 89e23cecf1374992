{#
    Whether a row holds a random identifier and is not marked as anonymized, as an SQL condition; none of a table that has no such
    identifier. Of a table that several entries name a row is marked where one of them marks it, and tells by the columns of all.
#}
{% macro is_cleared(table) %}
    {%- set _columns, _conditions = {}, [] -%}
    {%- for _entry in retention.entries_of(table) -%}
        {%- for _column in retention.telling_columns(_entry) -%}
            {%- do _columns.update({_column.name: '(' ~ retention.is_random_id(_column) ~ ')'}) -%}
        {%- endfor -%}
        {%- if _entry.marker -%}
            {%- do _conditions.append(retention.is_unmarked(_entry)) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set _conditions = (_conditions | unique | list) + ['(' ~ _columns.values() | join(' or ') ~ ')'] -%}
    {{ return(_conditions | join(' and ') if _columns) }}
{% endmacro %}
