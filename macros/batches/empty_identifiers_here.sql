{#
    empty_identifiers for distributed tables: person by person, since Citus joins an update with nothing that is not of the
    same table's environment. One random value a person, the same in every table, kept nowhere.
#}
{% macro empty_identifiers_here(table) %}
    {%- set _pairs = retention.repeated_identifiers(table.name) -%}
    {%- if _pairs %}
                for _nth in 1 .. cardinality(_keys) loop
                    _person_id := {{ retention.random_id() }};
                    {%- for _other, _column in _pairs %}
                    {%- set _other_keys = '_' ~ _other.name ~ '_keys' -%}
                    {%- set _is_done = retention.personal_columns(_other) | length == 1 %}
                    select coalesce(array_agg(locked.row_key), '{}'), count(*) filter (where {{ 'locked.created_at < _cutoff' if _is_done else 'false' }})
                    into {{ _other_keys }}, _also_due
                    from (
                        select repeated.{{ adapter.quote(_other.key) }} as row_key, repeated.{{ adapter.quote(retention.created_column(_other)) }} as created_at
                        from {{ _other.relation }} as repeated
                        inner join {{ table.relation }} as person on {{ retention.repeats_identifier(_column) }}
                        where
                            {{ retention.is_here(_other, 'repeated') }} and {{ retention.is_here(table, 'person') }}
                            and person.{{ adapter.quote(table.key) }} = _keys[_nth]
                        for update of repeated
                    ) as locked;
                    {{ retention.update_identifier_here(table, _other, _column, _other_keys, _is_done) }}
                    {%- endfor %}
                end loop;
    {%- endif %}
{% endmacro %}
