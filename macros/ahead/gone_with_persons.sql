{#
    The rows that would fall due within `horizons` by their own age, and before that lose with a person who falls due all that is
    personal in them (S3): one row each, with its own night, on which no run finds it. Looked up from the persons, by index;
    not at all where no such row falls due.
#}
{% macro gone_with_persons(horizons) -%}
    {%- set _persons, _selects = [], [] -%}
    {%- for _person in retention.data_map() if _person.name in retention.kinds() and not _person.owner -%}
        {%- for _other, _column in retention.repeated_identifiers(_person.name) if retention.goes_with_person_alone(_other) -%}
            {%- if loop.first -%}
                {%- do _persons.append('falling_' ~ _person.name ~ ' as (' ~ retention.falling_persons(_person.name, horizons) ~ ')') -%}
            {%- endif -%}
            {%- do _selects.append(retention.gone_rows_of(_person, _other, _column, horizons)) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if _selects -%}
    with {{ _persons | join(', ') }}
    {{ _selects | join('\n    union all\n') }}
    {%- else -%}
    select null as kind, null as row_id, environment_id, 0 as night from {{ horizons }} where false
    {%- endif -%}
{%- endmacro %}
