{#
    empty_rows for tables that are distributed by environment: what Citus refuses is left out, each statement is of one
    environment. Random values are drawn in a query of their own, since an update of a distributed table may draw none; every
    row is read before and after, since nothing is taken from what an update returns.
#}
{% macro empty_distributed(table) %}
                _dependents_of := '{}';
                _queued_of := '{}';
                {%- for _dependent in retention.data_map() if _dependent.owner and _dependent.owner.table == table.name %}
                {%- set _dependent_keys = '_' ~ _dependent.name ~ '_keys' %}
                select coalesce(array_agg(locked.row_key), '{}')
                into {{ _dependent_keys }}
                from (
                    select {{ adapter.quote(_dependent.key) }} as row_key
                    from {{ _dependent.relation }}
                    where
                        {{ retention.is_here(_dependent) }} and {{ adapter.quote(_dependent.owner.key) }} = any(_keys)
                        and {{ retention.is_unmarked(_dependent) }}
                    for update skip locked
                ) as locked;
                {{ retention.empty_keys(_dependent, _dependent_keys, table.name) }}
                _dependents_of := _dependents_of || array_fill(_line.environment_id, array[cardinality({{ _dependent_keys }})]);
                {{ retention.note_passed_over_here(_dependent) }}
                {%- endfor %}
                {{ retention.empty_identifiers_here(table) }}
                {{ retention.empty_keys(table, '_keys', table.name) }}
{% endmacro %}
