{# Of empty_identifiers_here: one person's rows in one table, counted on the line of their own kind where they were due on it. #}
{% macro update_identifier_here(table, other, column, keys, is_done) %}
                    {{ retention.remember_kept(other, keys) }}
                    update {{ other.relation }} set
                        {{ adapter.quote(column.name) }} = {{ retention.id_of_person(column) | replace('named.random_id', '_person_id') }}
                        {%- if is_done %}, {{ adapter.quote(other.marker) }} = _anonymized_on{% endif %}
                    where {{ retention.is_here(other) }} and {{ adapter.quote(other.key) }} = any({{ keys }});
                    {%- if is_done %}
                    {{ retention.prove_emptied(other, keys, [column]) }}
                    {%- endif %}
                    {{ retention.prove_unchanged(other, keys) }}
                    _dependents_of := _dependents_of || array_fill(_line.environment_id, array[(cardinality({{ keys }}) - _also_due)::integer]);
                    update {{ source('ledger', 'run_lines') }} set anonymized = anonymized + _also_due
                    where
                        run_id = _run_id and environment_id = _line.environment_id and kind = '{{ other.name }}'
                        and _also_due > 0;
{% endmacro %}
