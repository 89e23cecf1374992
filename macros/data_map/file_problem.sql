{# What a column with files says that can't be meant; none when all is well. #}
{% macro file_problem(column, table) %}
    {%- if column.leaves not in ['empty', 'null', 'random_id'] -%}
        {{ return("expected meta.leaves to be empty, null or random_id, found '" ~ (column.leaves or '') ~ "'") }}
    {%- elif column.leaves == 'random_id' and (column.holds or 'key') != 'key' -%}
        {{ return('expected meta.leaves random_id of a column that holds one key, found ' ~ column.holds) }}
    {%- elif column.bucket_name is not defined and column.bucket not in table.columns | map(attribute='name') -%}
        {{ return("expected meta.bucket, the column with the file's bucket, or meta.bucket_name, found '" ~ (column.bucket or '') ~ "'") }}
    {%- elif (column.holds or 'key') not in ['key', 'url', 'keys'] -%}
        {{ return("expected meta.holds to be key, url or keys, found '" ~ column.holds ~ "'") }}
    {%- elif column.holds == 'url' and not column.base_url -%}
        {{ return("expected meta.base_url, what stands before the key in the URL, found none") }}
    {%- elif column.holds == 'keys' and retention.type_name(column.data_type)[0] not in ['json', 'jsonb'] -%}
        {{ return('expected a json or jsonb column for an array of keys, found ' ~ (column.data_type or 'no data_type')) }}
    {%- elif column.size and column.holds == 'keys' -%}
        {{ return('expected meta.size of a column that holds one key, found ' ~ column.holds) }}
    {%- elif column.size and not retention.states_bytes(column.size, table) -%}
        {{ return("expected meta.size, a declared column of whole numbers, found '" ~ column.size ~ "'") }}
    {%- endif -%}
    {{ return(none) }}
{% endmacro %}
