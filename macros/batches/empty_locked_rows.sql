{# Replaces every personal value of locked rows, counts them in `_changed`, and proves what it did. #}
{% macro empty_locked_rows(table, keys) %}
                update {{ table.relation }} set
                    {{ retention.replacements(table) }}
                where {{ table.key }} = any({{ keys }}) and {{ table.marker }} is null;
                get diagnostics _changed = row_count;
                {{ retention.prove_emptied(table, keys, retention.personal_columns(table)) }}
                {{ retention.prove_unchanged(table, keys) }}
{% endmacro %}
