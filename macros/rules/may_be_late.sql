{#
    That a row may have come after its owner was anonymized, by when it was created, as an SQL condition that follows the
    rule; nothing where nothing is remembered, and every living row is judged.
#}
{% macro may_be_late(row) -%}
    {%- if retention.has_activity() %}
    and {{ row }}.created_at >= {{ retention.late_since() }}
    {%- endif -%}
{%- endmacro %}
