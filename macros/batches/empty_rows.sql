{#
    Queues the files of the locked rows, then empties the rows and what belongs to them, and proves of each that nothing
    counted moved (S1). A dependent is locked and read in later statements than its owner, so that one inserted meanwhile
    is seen, and its key is the one that is queued. One that others hold is passed over, since a batch that waited would
    make those wait who want its owners: it is due on its own from then on (M6).
#}
{% macro empty_rows(table) %}
                _dependents := 0;
                _queued := 0;
                {%- for _dependent in retention.data_map() if _dependent.owner and _dependent.owner.table == table.name %}
                {%- set _dependent_keys = '_' ~ _dependent.name ~ '_keys' -%}
                {{ retention.lock_dependents(
                    _dependent, _dependent_keys,
                    'select * from ' ~ _dependent.relation ~ ' where ' ~ _dependent.owner.key ~ ' = any(_keys) and '
                    ~ _dependent.marker ~ ' is null for update skip locked'
                ) }}
                {{ retention.queue_files(_dependent, _dependent_keys, table.name) }}
                {{ retention.empty_locked_rows(_dependent, _dependent_keys) }}
                _dependents := _dependents + _changed;
                {{ retention.note_passed_over(_dependent) }}
                {%- endfor %}
                {{ retention.empty_identifiers(table) }}
                select array_agg({{ retention.kept_values(table) }} order by {{ table.key }})
                into _before
                from {{ table.relation }}
                where {{ table.key }} = any(_keys);
                {{ retention.queue_files(table, '_keys', table.name) }}
                {{ retention.empty_locked_rows(table, '_keys') }}
{% endmacro %}
