{#
    Locks the rows that `locked_rows`, a select from a data-map table, finds, remembers their keys in `keys` and what is
    counted by in `_before`.
#}
{% macro lock_dependents(table, keys, locked_rows) %}
                select
                    coalesce(array_agg({{ table.key }}), '{}'),
                    array_agg({{ retention.kept_values(table) }} order by {{ table.key }})
                into {{ keys }}, _before
                from ({{ locked_rows }}) as locked;
{% endmacro %}
