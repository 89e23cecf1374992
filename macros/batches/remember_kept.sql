{# Remembers in `_before` what locked rows are counted by, to be compared with once they are emptied. #}
{% macro remember_kept(table, keys) %}
                select array_agg({{ retention.kept_values(table) }} order by {{ adapter.quote(table.key) }})
                into _before
                from {{ table.relation }}
                where {{ retention.of_batch(table, keys) }};
{% endmacro %}
