{# Rows that repeat the identifier of another table's row, by keys as text: kind, row_id, person_kind, person_id. #}
{% macro persons_of_rows() -%}
    {%- set _selects = [] -%}
    {%- for _person in retention.data_map() -%}
        {%- for _other, _column in retention.repeated_identifiers(_person.name) -%}
            {%- set _select %}
select
    '{{ _other.name }}' as kind,
    repeated.{{ adapter.quote(_other.key) }}::text as row_id,
    '{{ _person.name }}' as person_kind,
    person.{{ adapter.quote(_person.key) }}::text as person_id
from {{ _other.relation }} as repeated
inner join {{ _person.relation }} as person on {{ retention.repeats_identifier(_column) }}
            {%- endset -%}
            {%- do _selects.append(_select) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ _selects | join('\nunion all') if _selects else 'select null as kind, null as row_id, null as person_kind, null as person_id where false' }}
{%- endmacro %}
