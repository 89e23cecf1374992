{#
    Replaces every personal value of locked rows, counts them in `_changed`, and proves what it did: by what the update
    returns, and, where that is not as it has to be or a trigger of the platform acts after the update, by reading them anew.
    Where the server's updates return old values too (18), the rows are not read before it. Where batches of the
    kind `batch_of` lock nothing first, what is not as it was looked at is not updated, and the batch undone.
#}
{% macro empty_locked_rows(table, keys, batch_of) %}
    {%- set _tells_old = retention.update_tells_old() -%}
                _is_watched := {{ retention.is_watched(table) }};
                if _is_watched or {{ not _tells_old }} then
                    {{ retention.remember_kept(table, keys) }}
                end if;
                _beginning := left(gen_random_uuid()::text, 8);  -- of this table alone: rows of two are never told to belong together
                with emptied as (
                    update {{ table.relation }} set
                        {{ retention.replacements(table) }}
                    where {{ adapter.quote(table.key) }} = any({{ keys }}) and {{ retention.is_unmarked(table) }}
                        {{ retention.is_as_seen() if retention.may_write_at_once(batch_of, retention.thin_view(batch_of.name)) }}
                    returning
                        {{ retention.is_left(table, retention.personal_columns(table), at_a_glance=true) }} as is_left,
                        {% if _tells_old -%} {{ retention.moved_figure(table) }} as moved
                        {%- else -%} {{ adapter.quote(table.key) }} as row_key, {{ retention.kept_values(table) }} as kept {%- endif %}
                )
                select
                    count(*), coalesce(bool_or(is_left), false),
                    {{ 'min(moved)' if _tells_old else 'array_agg(kept order by row_key)' }}
                into _changed, _is_left, {{ '_moved' if _tells_old else '_after' }}
                from emptied;
                {{ retention.mark_aside(table, keys) }}
                if _is_left or _is_watched or _changed <> cardinality({{ keys }}) then
                    {{ retention.prove_emptied(table, keys, retention.personal_columns(table)) }}
                end if;
                {%- if _tells_old %}
                {{ retention.prove_nothing_moved(table, keys) }}
                {%- endif %}
                if _is_watched {%- if not _tells_old %} or _after is distinct from _before {%- endif %} then
                    {{ retention.prove_unchanged(table, keys) }}
                end if;
{% endmacro %}
