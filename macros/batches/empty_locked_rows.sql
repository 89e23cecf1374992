{#
    Replaces every personal value of locked rows, counts them in `_changed`, and proves what it did: by what the update
    returns, and, where that is not as it has to be or a trigger of the platform acts after the update, by reading them anew.
#}
{% macro empty_locked_rows(table, keys) %}
                with emptied as (
                    update {{ table.relation }} set
                        {{ retention.replacements(table) }}
                    where {{ table.key }} = any({{ keys }}) and {{ table.marker }} is null
                    returning
                        {{ table.key }} as row_key, {{ retention.kept_values(table) }} as kept,
                        {{ retention.is_left(table, retention.personal_columns(table)) }} as is_left
                )
                select count(*), array_agg(kept order by row_key), coalesce(bool_or(is_left), false)
                into _changed, _after, _is_left
                from emptied;
                if _is_left or _after is distinct from _before or {{ retention.is_watched(table) }} then
                    {{ retention.prove_emptied(table, keys, retention.personal_columns(table)) }}
                    {{ retention.prove_unchanged(table, keys) }}
                end if;
{% endmacro %}
