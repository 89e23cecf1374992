{#
    Counts rows that lost a person's identifier: those past the cutoff on the line of their own kind, which they were due
    on and are done with, the others as dependents of the person's.
#}
{% macro count_emptied(table, is_done) %}
                select count(*), count(*) filter (where {{ 'own.created_at < _cutoff' if is_done else 'false' }})
                into _changed, _also_due
                from emptied
                inner join {{ retention.thin_view(table.name) }} as own on own.{{ retention.id_of(table) }} = emptied.row_key;
                _dependents_of := _dependents_of || array_fill(_line.environment_id, array[(_changed - _also_due)::integer]);
                update {{ source('ledger', 'run_lines') }} set anonymized = anonymized + _also_due
                where
                    run_id = _run_id
                    and environment_id = _line.environment_id
                    and kind = '{{ table.name }}'
                    and _also_due > 0;
{% endmacro %}
