{# The set list of an update: every personal column of the table, and the marker. #}
{% macro replacements(table) %}
                    {%- for _column in retention.personal_columns(table) %}
                    {{ adapter.quote(_column.name) }} = {{ retention.replacement(_column) }},
                    {%- endfor %}
                    {{ table.marker }} = _anonymized_on
{%- endmacro %}
