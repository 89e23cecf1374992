{# M6: what belongs to a row goes with it; on its own when its owner was anonymized before it came. Row of its thin view. #}
{% macro dependent_is_due(row, kind) -%}
    {%- set _table = retention.kind_entry(kind) -%}
    {%- set _owner = _table.owner.table -%}
    {%- set _id = retention.id_of(retention.kind_entry(_owner)) -%}
    {{ row }}.anonymized_on is null
    and exists (
        select 1
        from {{ retention.platform_view(_owner) }} as owner
        where owner.{{ _id }} = {{ row }}.{{ _id }} and owner.anonymized_on is not null
            {{- retention.same_environment('owner', row) }}
    )
    {%- if execute and graph.sources is defined -%}
    {{ retention.goes_with_last_owner(_table, retention.thin_view(kind), row) }}
    {%- endif -%}
{%- endmacro %}
