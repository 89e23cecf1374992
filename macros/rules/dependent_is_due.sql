{#
    M6: what belongs to a row goes with it; on its own when its owner was anonymized before it came. Row of its thin view.
    Where a join leads to the owners all of them have to be anonymized: looked up for each of a batch's few rows
    (`is_of_batch`), else read at once for all, since for each of many rows whole tables would be read.
#}
{% macro dependent_is_due(row, kind, is_of_batch=false) -%}
    {%- set _table = retention.kind_entry(kind) -%}
    {%- set _owner = retention.platform_view(_table.owner.table) -%}
    {%- set _key, _id = retention.id_of(_table), retention.id_of(retention.kind_entry(_table.owner.table)) -%}
    {%- set _has_map = execute and graph.sources is defined -%}
    {{ row }}.anonymized_on is null
    {%- if _has_map and not is_of_batch and not retention.is_plain_view(retention.thin_view(kind)) %}
    and {{ row }}.{{ _key }} in (
        select shared.{{ _key }}
        from {{ retention.thin_view(kind) }} as shared
        left join {{ _owner }} as owner on shared.{{ _id }} = owner.{{ _id }} {{- retention.same_environment('owner', 'shared') }}
        where shared.anonymized_on is null
        group by shared.{{ _key }}
        having bool_and(owner.anonymized_on is not null)
    )
    {{- retention.goes_for_others(_table, row) }}
    {%- else %}
    and exists (
        select 1
        from {{ _owner }} as owner
        where owner.{{ _id }} = {{ row }}.{{ _id }} and owner.anonymized_on is not null
            {{- retention.same_environment('owner', row) }}
    )
    {%- if _has_map %}
    {{ retention.goes_with_last_owner(_table, retention.thin_view(kind), row) }}
    {%- endif -%}
    {%- endif -%}
{%- endmacro %}
