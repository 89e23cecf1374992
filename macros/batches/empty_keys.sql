{# Queues the files of locked rows of a distributed table, empties the rows, and proves what it did by reading them anew. #}
{% macro empty_keys(table, keys, kind) %}
                {%- for _column in retention.file_columns(table) %}
                select coalesce(array_agg({{ retention.bucket_of(_column) }}), '{}'), coalesce(array_agg({{ retention.object_key_of(_column) }}), '{}')
                into _buckets, _object_keys
                from {{ table.relation }} {{ retention.keys_of_row(_column) }}
                where
                    {{ retention.is_here(table) }} and {{ adapter.quote(table.key) }} = any({{ keys }})
                    and {{ retention.names_own_file(table, _column) }};
                insert into {{ source('ledger', 'file_queue') }} (run_id, environment_id, kind, bucket, object_key)
                select _run_id, _line.environment_id, '{{ kind }}', named.bucket, named.object_key
                from unnest(_buckets, _object_keys) as named (bucket, object_key);
                _queued_of := _queued_of || array_fill(_line.environment_id, array[cardinality(_buckets)]);
                {%- endfor %}
                {{ retention.remember_kept(table, keys) }}
                {{ retention.update_distributed(table, keys) }}
                get diagnostics _changed = row_count;
                if _changed <> cardinality({{ keys }}) then
                    raise exception using errcode = '{{ retention.statistic_changed() }}', message = 'S1: {{ table.name }} would be fewer';
                end if;
                {{ retention.prove_emptied(table, keys, retention.personal_columns(table)) }}
                {{ retention.prove_unchanged(table, keys) }}
{% endmacro %}
