{#
    Notes in `_clear` the lines that have nothing before the first window: what was judged begins there, but an instant that the
    calendar does not know was judged as the year 1000.
#}
{% macro clear_before(thin) %}
                select coalesce(jsonb_object_agg(line.name, _reached), '{}')
                into _clear
                from unnest(_environment_ids, _names) as line (environment_id, name)
                where not exists (
                    select 1 from {{ thin }} as living
                    where
                        living.environment_id = line.environment_id
                        and living.anonymized_on is null
                        and living.created_at < _reached
                );
{%- endmacro %}
