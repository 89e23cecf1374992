{#
    Bounds the next batch of a line by what the brake has judged: one lane never passes `_most`. Several may, by what the others
    have under way when `_done` is read; their batches, a thousand rows together, keep that below a thousand.
#}
{% macro bound_batch(kind) %}
    {%- set _lanes = (retention.run_setting('lanes') or 1) | int -%}
            select sum(anonymized) into _done from {{ source('ledger', 'run_lines') }}
            where run_id = _run_id and environment_id = _line.environment_id and kind = '{{ kind }}';
            exit when _done >= _most;
            _size := least(_size, _most - _done{% if _lanes > 1 %}, case when _most is not null then {{ [1000 // _lanes, 1] | max }} end{% endif %});
{% endmacro %}
