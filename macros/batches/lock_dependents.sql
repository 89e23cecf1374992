{#
    Locks what belongs to the locked rows and is free, and remembers its keys in `keys` and the environments of its owners in
    `of`. Where a join leads to the owners a row may have several, and goes with the last of them. Rows that other entries of the
    same table, `taken`, have locked already are theirs.
#}
{% macro lock_dependents(table, keys, of, taken=[]) %}
    {%- set _thin = retention.thin_view(table.name) -%}
    {%- set _owner = retention.id_of(retention.mapped_table(table.owner.table)) %}
                select coalesce(array_agg(goes.row_key), '{}'), coalesce(array_agg(goes.environment_id), '{}')
                into {{ keys }}, {{ of }}
                from (
                    select {% if not retention.is_plain_view(_thin) %}distinct on (locked.row_key){% endif %} locked.row_key, owner.environment_id
                    from (
                        select own.{{ retention.id_of(table) }} as row_key, own.{{ _owner }} as owner_key
                        from {{ _thin }} as own {{ retention.join_stored(table, _thin, 'own') }}
                        where own.{{ _owner }} = any(_keys) and own.anonymized_on is null
                            {{- retention.goes_with_last_owner(table, _thin, 'own', '_keys') }}
                            {%- for _name in taken %} and not own.{{ retention.id_of(table) }} = any(_{{ _name }}_keys){% endfor %}
                        for update of {{ 'own' if retention.is_plain_view(_thin) else 'stored' }} skip locked
                    ) as locked
                    inner join unnest(_keys, _of) as owner (owner_key, environment_id) on locked.owner_key = owner.owner_key
                ) as goes;
{% endmacro %}
