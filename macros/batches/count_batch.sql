{# The ledger's counts of the batch, in its transaction. #}
{% macro count_batch(kind) %}
                update {{ source('ledger', 'run_lines') }} set
                    anonymized = anonymized + _changed,
                    dependents = dependents + _dependents,
                    files_queued = files_queued + _queued,
                    batches = batches + 1
                where
                    run_id = _run_id
                    and environment_id = _line.environment_id
                    and kind = '{{ kind }}'
                    and lane = _lane
                    and _changed > 0;
{% endmacro %}
