{#
    Replaces the identifier of the locked persons in the rows of any age that repeat it (S3): one random value a person,
    the same in every table, unrelated to the profile's new one, kept nowhere. A row of which nothing else is personal is
    done by that, and marked.
#}
{% macro empty_identifiers(table) %}
    {%- set _state = namespace(is_first=true) -%}
    {%- for _other, _column in retention.repeated_identifiers(table.name) %}
        {%- if _state.is_first %}
                select array_agg({{ retention.random_id() }}) into _person_ids from unnest(_keys);
            {%- set _state.is_first = false -%}
        {%- endif %}
        {%- set _other_keys = '_' ~ _other.name ~ '_keys' -%}
        {%- set _is_done = retention.personal_columns(_other) | length == 1 -%}
                select coalesce(array_agg({{ adapter.quote(_other.key) }}), '{}') into {{ _other_keys }}
                from ({{ retention.rows_of_persons(table, _other, _column) }}) as locked;
            {{ retention.remember_kept(_other, _other_keys) }}
                with emptied as (
                    update {{ _other.relation }} as repeated set
                        {% if _is_done and retention.has_marker_column(_other) %}{{ adapter.quote(_other.marker) }} = _anonymized_on,{% endif %}
                        {{ adapter.quote(_column.name) }} = {{ retention.id_of_person(_column) }}
                    from unnest(_keys, _person_ids) as named (row_key, random_id)
                    inner join {{ table.relation }} as person on person.{{ adapter.quote(table.key) }} = named.row_key
                    where
                        repeated.{{ adapter.quote(_other.key) }} = any({{ _other_keys }})
                        and {{ retention.repeats_identifier(_column) }}
                    returning repeated.{{ adapter.quote(_other.key) }} as row_key
                )
                {{ retention.count_emptied(_other, _is_done) }}
                {%- if _is_done %}
                {{ retention.mark_aside(_other, _other_keys) }}
                {{ retention.prove_emptied(_other, _other_keys, [_column]) }}
                {%- endif %}
                {{ retention.prove_unchanged(_other, _other_keys) }}
    {%- endfor -%}
{% endmacro %}
