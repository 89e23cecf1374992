{#
    Queues the files of the locked rows, then empties the rows and what belongs to them. A dependent is locked and read
    in later statements than its owner, so that one inserted meanwhile is seen, and its key is the one that is queued.
#}
{% macro empty_rows(table) %}
                _dependents := 0;
                _queued := 0;
                {%- for _dependent in retention.data_map() if _dependent.owner and _dependent.owner.table == table.name %}
                perform 1 from {{ _dependent.relation }}
                where {{ _dependent.owner.key }} = any(_keys) and {{ _dependent.marker }} is null
                for update;
                {{ retention.queue_files(_dependent, _dependent.owner.key, table.name) }}
                update {{ _dependent.relation }} set
                    {{ retention.replacements(_dependent) }}
                where {{ _dependent.owner.key }} = any(_keys) and {{ _dependent.marker }} is null;
                get diagnostics _changed = row_count;
                _dependents := _dependents + _changed;
                {%- endfor %}
                {{ retention.empty_identifiers(table) }}
                {{ retention.queue_files(table, table.key, table.name) }}
                update {{ table.relation }} set
                    {{ retention.replacements(table) }}
                where {{ table.key }} = any(_keys) and {{ table.marker }} is null;
                get diagnostics _changed = row_count;
{% endmacro %}
