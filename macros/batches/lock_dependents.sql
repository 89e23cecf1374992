{#
    Locks what belongs to the locked rows and is free, and remembers its keys in `keys` and the environments of its owners in
    `of`.
#}
{% macro lock_dependents(table, keys, of) %}
                select coalesce(array_agg(locked.row_key), '{}'), coalesce(array_agg(owner.environment_id), '{}')
                into {{ keys }}, {{ of }}
                from (
                    select {{ table.key }} as row_key, {{ table.owner.key }} as owner_key
                    from {{ table.relation }}
                    where {{ table.owner.key }} = any(_keys) and {{ table.marker }} is null
                    for update skip locked
                ) as locked
                inner join unnest(_keys, _of) as owner (owner_key, environment_id) on locked.owner_key = owner.owner_key;
{% endmacro %}
