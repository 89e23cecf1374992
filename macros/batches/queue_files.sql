{#
    Queues the files that the rows name, in the transaction that empties them. Each row adds its own entry, also for a
    file that is queued already: with one entry for both, a file could be lost. The generic picture is never queued.
    `kind` is the line that the file counts on.
#}
{% macro queue_files(table, keys, kind) %}
                {%- for _column in retention.file_columns(table) %}
                insert into {{ source('ledger', 'file_queue') }} (run_id, environment_id, kind, bucket, object_key)
                select _run_id, _line.environment_id, '{{ kind }}', coalesce({{ _column.bucket }}, ''), {{ _column.name }}
                from {{ table.relation }}
                where
                    {{ table.key }} = any({{ keys }})
                    and {{ table.marker }} is null
                    and {{ retention.names_own_file(table, _column) }};
                get diagnostics _changed = row_count;
                _queued := _queued + _changed;
                {%- endfor %}
{% endmacro %}
