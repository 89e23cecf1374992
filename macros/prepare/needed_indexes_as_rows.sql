{# The needed indexes as a query, each once though several entries of one table need it: schema_name, table_name, columns, is_ordered, predicate, accepted, method, included. #}
{% macro needed_indexes_as_rows() %}
    select distinct * from (
        values
        (cast(null as text), cast(null as text), cast(null as text[]), cast(null as boolean), cast(null as text), cast(null as text[]), cast(null as text), cast(null as text))
        {%- for _need in retention.needed_indexes() %},
        (
            {{ retention.sql_literal(_need.table.schema) }}, {{ retention.sql_literal(_need.table.identifier) }},
            {{ retention.sql_array(_need.columns) }}, {{ 'true' if _need.is_ordered else 'false' }},
            {{ retention.sql_literal(_need.predicate) if _need.predicate else 'null' }},
            {{ retention.sql_array(_need.accepted) }}, '{{ _need.method or 'btree' }}',
            {{ retention.sql_literal(_need.included) if _need.included else 'null' }}
        )
        {%- endfor %}
    ) as declared (schema_name, table_name, columns, is_ordered, predicate, accepted, method, included)
    where table_name is not null
{% endmacro %}
