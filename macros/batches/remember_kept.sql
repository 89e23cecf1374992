{# Remembers in `_before` what locked rows are counted by, to be compared with once they are emptied. #}
{% macro remember_kept(table, keys) %}
                select array_agg({{ retention.kept_values(table) }} order by {{ table.key }})
                into _before
                from {{ table.relation }}
                where {{ table.key }} = any({{ keys }});
{% endmacro %}
