{#
    Reads the rows that a batch changed once more, in its transaction, and undoes the batch where one is not marked or holds
    a personal value: a trigger of the platform may keep a row from being changed, or put a value back, without an error.
    Without this the batch would find the same rows again and again.
#}
{% macro prove_emptied(table, keys, columns) %}
                if exists (
                    select 1
                    from {{ table.relation }}
                    where {{ retention.of_batch(table, keys) }} and {{ retention.is_left(table, columns) }}
                ) then
                    raise exception using
                        errcode = '{{ retention.not_emptied() }}',
                        message = '{{ table.name }} were updated and not emptied: look for a trigger of the platform';
                end if;
{% endmacro %}
