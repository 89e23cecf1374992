{#
    Locks what a look found, in the platform's own table, and keeps in `_keys` those of which nobody else holds the row. The others
    are `_held`: the next look leaves them out where it begins at the same instant, and would find the same rows again. From
    here on until the commit, where `is_led`, an index is taken wherever there is one: while writers may wait, statistics that
    are out of date must not have a table read whole.
#}
{% macro lock_found_rows(table, is_led=true) %}
                _found_keys := _keys;
                _began := clock_timestamp();  -- from here on writers may wait: not while rows were searched
                {%- if is_led and not retention.is_distributed() %}
                perform set_config('enable_seqscan', 'off', true);
                {%- endif %}
                select coalesce(array_agg(locked.row_key), '{}')
                into _keys
                from (
                    select {{ adapter.quote(table.key) }} as row_key
                    from {{ table.relation }}
                    where {{ retention.of_batch(table, '_keys') }}
                    for update skip locked
                ) as locked;
                _held := case when _reaches > _reached then '{}' else _held end
                    || array(select unnest(_found_keys) except select unnest(_keys));
{%- endmacro %}
