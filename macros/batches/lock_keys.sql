{# Locks rows of one environment in the platform's own distributed table, and keeps the keys of those that were free. #}
{% macro lock_keys(table, keys) %}
                select coalesce(array_agg(locked.row_key), '{}')
                into {{ keys }}
                from (
                    select {{ adapter.quote(table.key) }} as row_key
                    from {{ table.relation }}
                    where {{ retention.is_here(table) }} and {{ adapter.quote(table.key) }} = any({{ keys }})
                    for update skip locked
                ) as locked;
{% endmacro %}
