{#
    That a row may have come after its owner was anonymized, by when it was created, as an SQL condition that follows the
    rule; nothing where every living row is judged: where nothing is remembered, or a row may have several owners.
#}
{% macro may_be_late(row, kind) -%}
    {%- if retention.has_activity() and not retention.may_be_shared(retention.kind_entry(kind), retention.thin_view(kind)) %}
    and {{ row }}.created_at >= {{ retention.late_since() }}
    {%- endif -%}
{%- endmacro %}
