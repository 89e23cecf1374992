{#
    Whether no living owner by another entry of a row's table keeps it, as an SQL condition that follows others. An owner in
    `keys`, the batch's, keeps nothing.
#}
{% macro has_no_other_owner(table, alias, keys=none) -%}
    {%- for _other in retention.other_entries(table) -%}
        {%- set _owners = retention.mapped_table(_other.owner.table) -%}
        {%- set _owner = retention.id_of(_owners) %}
                            and not exists (
                                select 1
                                from {{ retention.thin_view(_other.name) }} as other
                                left join {{ retention.thin_view(_owners.name) }} as keeper on other.{{ _owner }} = keeper.{{ _owner }}
                                where
                                    other.{{ retention.id_of(_other) }} = {{ alias }}.{{ retention.id_of(table) }}
                                    and other.{{ _owner }} is not null
                                    and keeper.anonymized_on is null
                                    {%- if keys and _owners.name == table.owner.table %}
                                    and not other.{{ _owner }} = any({{ keys }})
                                    {%- endif %}
                                {{ 'offset 0' if keys }}
                            )
    {%- endfor -%}
{%- endmacro %}
