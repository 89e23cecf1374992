{#
    Whether nothing besides the owners that a row's own entry shows keeps it, as an SQL condition that follows others: no
    living owner by another entry of the same table, and nothing that is no data subject's, which a thin view of the table
    tells by `is_kept`. An owner in `keys`, the batch's, keeps nothing.
#}
{% macro goes_for_others(table, alias, keys=none) -%}
    {{ retention.is_not_kept(table, alias, keys) }}
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
