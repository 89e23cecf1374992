{# A select that locks the rows which repeat an identifier of the locked persons. #}
{% macro rows_of_persons(table, other, column) -%}
    select repeated.*
    from {{ other.relation }} as repeated
    inner join {{ table.relation }} as person on {{ retention.repeats_identifier(column) }}
    where person.{{ adapter.quote(table.key) }} = any(_keys)
    for update of repeated
{%- endmacro %}
