{#
    Queues the files that the rows name, in the transaction that empties them. Each row adds its own entry, also for a
    file that is queued already: with one entry for both, a file could be lost. The generic picture is never queued.
    `of` holds the environment of each row, `kind` is the line that the file counts on; the size is what the row states.
#}
{% macro queue_files(table, keys, of, kind) %}
                {%- for _column in retention.file_columns(table) %}
                with queued as (
                    insert into {{ source('ledger', 'file_queue') }} (run_id, environment_id, kind, bucket, object_key, byte_size)
                    select
                        _run_id, locked.line_of, '{{ kind }}', {{ retention.bucket_of(_column) }},
                        {{ retention.object_key_of(_column) }}, {{ retention.size_of(_column) }}
                    from unnest({{ keys }}, {{ of }}) as locked (locked_key, line_of)
                    inner join {{ table.relation }} on {{ adapter.quote(table.key) }} = locked.locked_key
                    {{- retention.keys_of_row(_column) }}
                    where {{ retention.is_unmarked(table) }} and {{ retention.names_own_file(table, _column) }}
                    returning environment_id
                )
                select _queued_of || coalesce(array_agg(environment_id), '{}') into _queued_of from queued;
                {%- endfor %}
{% endmacro %}
