{#
    Whether no owner but those in `keys` still lives, as an SQL condition that follows others; nothing where a row has one
    owner. What a living row still shows stays; an owner of whom its own thin view tells nothing counts as living. Of a batch's
    few rows each is looked up by its key, and so are its owners: `offset 0` keeps them from being joined to all others, for
    which both views would be read whole, once a row.
#}
{% macro goes_with_last_owner(table, thin, alias, keys=none) -%}
    {%- if not retention.is_plain_view(thin) -%}
        {%- set _id, _owner = retention.id_of(table), retention.id_of(retention.mapped_table(table.owner.table)) %}
        {%- set _alone = 'offset 0' if keys else '' %}
                            and not exists (
                                select 1
                                from {{ thin }} as shared
                                where
                                    shared.{{ _id }} = {{ alias }}.{{ _id }}
                                    {%- if keys %}
                                    and not coalesce(shared.{{ _owner }} = any({{ keys }}), false)
                                    {%- endif %}
                                    and not exists (
                                        select 1
                                        from {{ retention.thin_view(table.owner.table) }} as gone
                                        where gone.{{ _owner }} = shared.{{ _owner }} and gone.anonymized_on is not null
                                        {{ _alone }}
                                    )
                                {{ _alone }}
                            )
    {%- endif -%}
    {{ retention.goes_for_others(table, alias, keys) }}
{%- endmacro %}
