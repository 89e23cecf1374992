{#
    Replaces the identifier of the locked persons in the rows of any age that repeat it (S3): one random value a person,
    the same in every table, unrelated to the profile's new one, kept nowhere.
#}
{% macro empty_identifiers(table) %}
    {%- set _state = namespace(is_first=true) -%}
    {%- for _other in retention.data_map() -%}
        {%- for _column in retention.personal_columns(_other) if _column.identifies and _column.identifies.table == table.name %}
            {%- if _state.is_first %}
                select array_agg({{ retention.random_id() }}) into _person_ids from unnest(_keys);
                {%- set _state.is_first = false -%}
            {%- endif %}
            {%- set _other_keys = '_' ~ _other.name ~ '_keys' -%}
                select coalesce(array_agg({{ _other.key }}), '{}') into {{ _other_keys }}
                from ({{ retention.rows_of_persons(table, _other, _column) }}) as locked;
            {{ retention.remember_kept(_other, _other_keys) }}
                with emptied as (
                    update {{ _other.relation }} as repeated set
                        {{ _column.name }} = named.random_id,
                        {{ _other.marker }} = _anonymized_on
                    from unnest(_keys, _person_ids) as named (row_key, random_id)
                    inner join {{ table.relation }} as person on person.{{ table.key }} = named.row_key
                    where
                        repeated.{{ _other.key }} = any({{ _other_keys }})
                        and {{ retention.repeats_identifier(_column) }}
                    returning repeated.{{ _other.key }}
                )
                {{ retention.count_emptied(_other) }}
                {{ retention.prove_emptied(_other, _other_keys, [_column]) }}
                {{ retention.prove_unchanged(_other, _other_keys) }}
        {%- endfor -%}
    {%- endfor -%}
{% endmacro %}
