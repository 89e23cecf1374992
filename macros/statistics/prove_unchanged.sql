{#
    Reads the rows that a batch changed once more, in its transaction, and undoes the batch where anything that is counted
    differs (S1): by a trigger of the platform, say, or a data map that calls a counted column personal. The error names
    the table, the Paris day and the figure, never a value. `_before` holds the rows as they were when they were locked.
#}
{% macro prove_unchanged(table, keys) %}
    {%- set _names = retention.kept_columns(table) | map(attribute='name') | list -%}
    {%- if _names %}
                select array_agg({{ retention.kept_values(table) }} order by {{ adapter.quote(table.key) }})
                into _after
                from {{ table.relation }}
                where {{ retention.of_batch(table, keys) }};
                if _after is distinct from _before then
                    raise exception using
                        errcode = '{{ retention.statistic_changed() }}',
                        message = coalesce(
                            (
                                select format(
                                    'S1: %s of %s would be counted differently by %s', '{{ table.name }}',
                                    {% if 'created_at' in _names -%}
                                    (_before[nth][{{ _names.index('created_at') + 1 }}]::timestamptz at time zone 'Europe/Paris')::date,
                                    {%- else -%} 'an unknown day', {%- endif %}
                                    kept.name
                                )
                                from generate_subscripts(_before, 1) as nth
                                cross join unnest(array['{{ _names | join("', '") }}']) with ordinality as kept (name, place)
                                where
                                    array_length(_before, 1) = array_length(_after, 1)
                                    and _before[nth][kept.place] is distinct from _after[nth][kept.place]
                                order by nth, kept.place limit 1
                            ),
                            'S1: {{ table.name }} would be fewer'
                        );
                end if;
    {%- endif %}
{% endmacro %}
