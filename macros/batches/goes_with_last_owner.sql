{#
    Whether no owner but those in `keys` still lives, as an SQL condition that follows others; nothing where a row has one
    owner. What a living row still shows stays; an owner of whom its own thin view tells nothing counts as living.
#}
{% macro goes_with_last_owner(table, thin, alias, keys=none) -%}
    {%- if not retention.is_plain_view(thin) -%}
        {%- set _id, _owner = retention.id_of(table), retention.id_of(retention.mapped_table(table.owner.table)) %}
                            and not exists (
                                select 1
                                from {{ thin }} as shared
                                left join {{ retention.thin_view(table.owner.table) }} as living on shared.{{ _owner }} = living.{{ _owner }}
                                where shared.{{ _id }} = {{ alias }}.{{ _id }} and living.anonymized_on is null
                                    {%- if keys %} and not coalesce(living.{{ _owner }} = any({{ keys }}), false){% endif %}
                            )
    {%- endif -%}
{%- endmacro %}
