{#
    Queues the files of the locked rows, then empties the rows and what belongs to them, and proves of each that nothing
    counted moved (S1). A dependent is locked and read in later statements than its owner, so that one inserted meanwhile
    is seen, and its key is the one that is queued; all of them are locked, or looked at, before the first is emptied, since
    one may be found by what another holds, such as bytes by the hash of their file. One that others hold is passed over, since
    a batch that waited would make those wait who want its owners: it is due on its own from then on (M6), if what leads to its
    owner is still there; else the batch is undone.
#}
{% macro empty_rows(table) %}
    {%- if retention.is_distributed() -%}
        {{ return(retention.empty_distributed(table)) }}
    {%- endif %}
                _dependents_of := '{}';
                _queued_of := '{}';
                {%- set _dependents = retention.data_map() | selectattr('owner') | selectattr('owner.table', 'equalto', table.name) | list %}
                _seen := pg_current_snapshot()::text;
                {%- for _dependent in _dependents %}
                {%- set _same = _dependents[:loop.index0] | selectattr('relation', 'equalto', _dependent.relation) | map(attribute='name') | list %}
                {%- set _of = ['_' ~ _dependent.name ~ '_keys', '_' ~ _dependent.name ~ '_of', _same] %}
                {{ retention.if_locking(table, retention.lock_dependents(_dependent, *_of), retention.lock_dependents(_dependent, *_of, is_locked=false)) }}
                {%- endfor %}
                {%- for _dependent in _dependents %}
                {%- set _dependent_keys, _dependent_of = '_' ~ _dependent.name ~ '_keys', '_' ~ _dependent.name ~ '_of' -%}
                {{ retention.queue_files(_dependent, _dependent_keys, _dependent_of, table.name) }}
                {{ retention.empty_locked_rows(_dependent, _dependent_keys, table) }}
                _dependents_of := _dependents_of || {{ _dependent_of }};
                {%- endfor %}
                {{ retention.empty_identifiers(table) }}
                {{ retention.queue_files(table, '_keys', '_of', table.name) }}
                {{ retention.empty_locked_rows(table, '_keys', table) }}
                {%- for _dependent in _dependents %}
                {{ retention.note_passed_over(table, _dependent) }}
                {%- endfor %}
                {%- if table.name == 'users' and retention.has_activity() %}
                delete from {{ source('ledger', 'user_activity') }} where user_id = any(_keys);
                {%- endif %}
{% endmacro %}
