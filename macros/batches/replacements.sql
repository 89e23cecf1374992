{#
    The set list of a batch's update: every personal column of the table, and its marker where it has one. Random identifiers of one
    table in a batch begin alike: each elsewhere in an index of them, a row would cost a page that is read, logged and written for it alone.
#}
{% macro replacements(table) %}
    {%- for _column in retention.personal_columns(table) %}
                    {{ ',' if not loop.first }} {{ adapter.quote(_column.name) }} = {{ retention.replacement(dict(_column, begins='_beginning')) }}
    {%- endfor %}
    {%- if retention.has_marker_column(table) %}
                    {{ ',' if retention.personal_columns(table) }} {{ adapter.quote(table.marker) }} = _anonymized_on
    {%- endif %}
{%- endmacro %}
