{#
    The update of locked rows of a distributed table. What is random comes from a materialized query of the same environment,
    joined by key: the one form in which Citus 13 takes it.
#}
{% macro update_distributed(table, keys) %}
    {%- set _drawn = retention.personal_columns(table) | selectattr('replacement', 'in', ['random_id', 'json']) | list %}
                {%- if _drawn %}
                with drawn as materialized (
                    select {{ adapter.quote(table.key) }} as row_key
                        {%- for _column in _drawn %}, {{ retention.replacement(_column) }} as value_{{ loop.index }}{% endfor %}
                    from {{ table.relation }}
                    where {{ retention.is_here(table) }} and {{ adapter.quote(table.key) }} = any({{ keys }})
                )
                {%- endif %}
                update {{ table.relation }} as emptied set
                {%- for _column in retention.personal_columns(table) %}
                    {%- if _column not in _drawn %}
                    {{ adapter.quote(_column.name) }} = {{ retention.replacement(dict(_column, alias='emptied') if _column.replacement == 'day' else _column) }},
                    {%- endif %}
                {%- endfor %}
                {%- for _column in _drawn %}
                    {{ adapter.quote(_column.name) }} = drawn.value_{{ loop.index }},
                {%- endfor %}
                    {{ adapter.quote(table.marker) }} = _anonymized_on
                {% if _drawn %}from drawn{% endif %}
                where {{ retention.is_here(table, 'emptied') }} and {% if _drawn -%}
                    emptied.{{ adapter.quote(table.key) }} = drawn.row_key
                {%- else -%}
                    emptied.{{ adapter.quote(table.key) }} = any({{ keys }})
                {%- endif %};
{% endmacro %}
