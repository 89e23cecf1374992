{#
    One row per row of the platform that names a file: (bucket, object_key), generated from the data map; and the generic
    picture, which is named for ever (U2).
#}
{% macro file_references() %}
    {%- set _selects = [] -%}
    {%- for _table in retention.data_map() -%}
        {%- for _column in retention.file_columns(_table) -%}
            {%- do _selects.append(
                'select ' ~ retention.bucket_of(_column) ~ ' as bucket, ' ~ retention.object_key_of(_column) ~ ' as object_key from '
                ~ _table.relation ~ retention.keys_of_row(_column) ~ ' where ' ~ retention.names_files(_column)
            ) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if var('generic_picture_key', '') -%}
        {%- do _selects.append(
            "select '" ~ (var('generic_picture_bucket', '') | replace("'", "''")) ~ "', '"
            ~ (var('generic_picture_key', '') | replace("'", "''")) ~ "'"
        ) -%}
    {%- endif -%}
    {{ _selects | join('\nunion all\n') if _selects else 'select null as bucket, null as object_key where false' }}
{% endmacro %}
