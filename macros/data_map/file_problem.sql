{# What a column with files says that can't be meant; none when all is well. #}
{% macro file_problem(column, table) %}
    {%- set _type = retention.type_name(column.data_type)[0] -%}
    {%- set _is_array = _type.endswith('[]') -%}
    {%- set _holds_several = column.holds in ['keys', 'urls'] -%}
    {%- if column.leaves not in ['empty', 'null', 'random_id'] -%}
        {{ return("expected meta.leaves to be empty, null or random_id, found '" ~ (column.leaves or '') ~ "'") }}
    {%- elif column.leaves == 'random_id' and (column.holds or 'key') != 'key' -%}
        {{ return('expected meta.leaves random_id of a column that holds one key, found ' ~ column.holds) }}
    {%- elif column.bucket_name is not defined and column.bucket not in table.columns | map(attribute='name') -%}
        {{ return("expected meta.bucket, the column with the file's bucket, or meta.bucket_name, found '" ~ (column.bucket or '') ~ "'") }}
    {%- elif (column.holds or 'key') not in ['key', 'url', 'keys', 'urls'] -%}
        {{ return("expected meta.holds to be key, url, keys or urls, found '" ~ column.holds ~ "'") }}
    {%- elif column.holds in ['url', 'urls'] and not column.base_url -%}
        {{ return("expected meta.base_url, what stands before the key in the URL, found none") }}
    {%- elif _holds_several and not _is_array and _type not in ['json', 'jsonb'] -%}
        {{ return('expected an array, or a json or jsonb column, for several files, found ' ~ (column.data_type or 'no data_type')) }}
    {%- elif _is_array and (not _holds_several or column.key_at) -%}
        {{ return('expected meta.holds keys or urls of an array, without key_at, found ' ~ (column.key_at or column.holds or 'key')) }}
    {%- elif column.size and _holds_several -%}
        {{ return('expected meta.size of a column that holds one key, found ' ~ column.holds) }}
    {%- elif column.size and not retention.states_bytes(column.size, table) -%}
        {{ return("expected meta.size, a declared column of whole numbers, found '" ~ column.size ~ "'") }}
    {%- endif -%}
    {{ return(none) }}
{% endmacro %}
