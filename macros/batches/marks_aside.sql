{# Whether the rows of some kind are noted as done in a table of ours, for want of a column of their own. #}
{% macro marks_aside() %}
    {%- for _table in retention.data_map() if retention.is_judged_table(_table) and (_table.marker or 'aside') == 'aside' -%}
        {{ return(true) }}
    {%- endfor -%}
    {{ return(false) }}
{% endmacro %}
