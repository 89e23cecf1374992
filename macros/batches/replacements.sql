{# The set list of an update: every personal column of the table, and its marker where it has one. #}
{% macro replacements(table) %}
    {%- for _column in retention.personal_columns(table) %}
                    {{ ',' if not loop.first }} {{ adapter.quote(_column.name) }} = {{ retention.replacement(_column) }}
    {%- endfor %}
    {%- if retention.has_marker_column(table) %}
                    {{ ',' if retention.personal_columns(table) }} {{ adapter.quote(table.marker) }} = _anonymized_on
    {%- endif %}
{%- endmacro %}
