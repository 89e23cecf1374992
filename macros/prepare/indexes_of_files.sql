{#
    The indexes by which the purge looks up whether a row of the table still names a file, as needed_indexes lists them. A uuid is
    looked up as text, for which no index of the column serves; one of several keys by a GIN index.
#}
{% macro indexes_of_files(table) %}
    {%- set _needs = [] -%}
    {%- for _column in retention.file_columns(table) -%}
        {%- if (_column.holds or 'key') == 'key' -%}
            {%- set _is_text = retention.key_sql(_column) == retention.column_sql(_column) -%}
            {%- set _key = [_column.name if _is_text else _column.name ~ '::text'] -%}
            {%- do _needs.append(dict(
                table=table, columns=([_column.bucket] if _column.bucket else []) + _key,
                predicate=retention.plain_name(_column.name) ~ " <> ''" if _is_text,
                accepted=['', _column.name | lower ~ "<>''", _column.name | lower ~ 'isnotnull'],
            )) -%}
        {%- elif retention.is_looked_up_inside(_column) -%}
            {%- do _needs.append(dict(table=table, columns=[_column.name], accepted=[''], method='gin')) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(_needs) }}
{% endmacro %}
