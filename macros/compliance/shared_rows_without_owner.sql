{#
    Of rows_without_owner, those of a kind whose rows may have several owners: none that anybody has, but owners that were
    anonymized, which leave a row that another, missing one keeps. What names no owner by one entry of a table and one by another
    is the other's.
#}
{% macro shared_rows_without_owner(kind, view, owners, key, names_owner) -%}
    {%- set _table = retention.kind_entry(kind) -%}
    {%- set _owner = retention.kind_entry(_table.owner.table) -%}
    {%- set _id = retention.id_of(_owner) %}
    select own.environment_id, '{{ kind }}' as kind, min(own.created_at) as created_at
    from {{ view }} as own
    left join {{ owners }} as owner on {{ names_owner }}
    left join {{ ref('platform_' ~ _owner.name) }} as shown on own.{{ _id }} = shown.{{ _id }} {{- retention.same_environment('own', 'shown') }}
    where own.anonymized_on is null {{- retention.is_not_kept(_table, 'own') }}
        {%- for _other in retention.other_entries(_table) %}
        and (own.{{ _id }} is not null or not exists (
            select 1 from {{ ref('platform_' ~ _other.name) }} as other
            where other.{{ retention.id_of(_other) }} = own.{{ retention.id_of(_table) }}
                and other.{{ retention.id_of(retention.kind_entry(_other.owner.table)) }} is not null
        ))
        {%- endfor %}
    group by own.environment_id, own.{{ retention.id_of(_table) }}
    having bool_or({{ key }} is null) and bool_and({{ key }} is null or shown.anonymized_on is not null)
{%- endmacro %}
