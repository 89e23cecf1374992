{#
    Locks what belongs to the locked rows and is free, or, where not `is_locked`, only finds it, and remembers its keys in `keys`
    and the environments of its owners in `of`. A row that may have several owners goes with the last of them: judged before it
    is locked, and again once it is, since the platform may have shown it elsewhere in between. Rows that other entries of the
    same table, `taken`, have locked already are theirs.
#}
{% macro lock_dependents(table, keys, of, taken=[], is_locked=true) %}
    {%- set _thin = retention.thin_view(table.name) -%}
    {%- set _id, _owner = retention.id_of(table), retention.id_of(retention.mapped_table(table.owner.table)) -%}
    {%- set _goes = retention.goes_with_last_owner(table, _thin, 'own', '_keys') %}
                {{- retention.wait_for_other_lanes(table, _thin, _goes) }}
                select coalesce(array_agg(goes.row_key), '{}'), coalesce(array_agg(goes.environment_id), '{}')
                into {{ keys }}, {{ of }}
                from (
                    select {% if not retention.is_plain_view(_thin) %}distinct on (locked.row_key){% endif %} locked.row_key, owner.environment_id
                    from (
                        select own.{{ _id }} as row_key, own.{{ _owner }} as owner_key
                        from {{ _thin }} as own {{ retention.join_stored(table, _thin, 'own') }}
                        where own.{{ _owner }} = any(_keys) and own.anonymized_on is null {{- _goes }}
                            {%- for _name in taken %} and not own.{{ _id }} = any(_{{ _name }}_keys){% endfor %}
                        {% if is_locked %}for update of {{ 'own' if retention.is_plain_view(_thin) else 'stored' }} skip locked{% endif %}
                    ) as locked
                    inner join unnest(_keys, _of) as owner (owner_key, environment_id) on locked.owner_key = owner.owner_key
                ) as goes;
    {%- if retention.may_be_shared(table, _thin) %}
                select coalesce(array_agg(locked.row_key), '{}'), coalesce(array_agg(locked.environment_id), '{}')
                into {{ keys }}, {{ of }}
                from unnest({{ keys }}, {{ of }}) as locked (row_key, environment_id)
                where exists (select 1 from {{ _thin }} as own where own.{{ _id }} = locked.row_key and own.anonymized_on is null {{- _goes }} offset 0);
                {{ retention.count_held(table, _thin, _goes, keys, taken) }}
    {%- endif %}
{% endmacro %}
