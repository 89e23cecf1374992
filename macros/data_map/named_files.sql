{#
    The queue's entries whose file a row of the platform still names: file_id, generated from the data map, column by column, so
    that each key is looked up by its column's index; and those of the generic picture, which is named for ever (U2).
#}
{% macro named_files() %}
    {%- set _selects = [] -%}
    {%- for _table in retention.data_map() -%}
        {%- for _column in retention.file_columns(_table) -%}
            {%- set _select %}
select queued.file_id
from {{ source('ledger', 'file_queue') }} as queued
where exists (
    select 1 from {{ _table.relation }} {{- retention.keys_of_row(_column) }}
    where
        {{ retention.names_files(_column) }}
        and {{ retention.bucket_of(_column) }} = queued.bucket
        and {{ retention.object_key_of(_column) }} = queued.object_key
        {%- if retention.has_key_index(_table, _column) %}
        and {{ retention.may_hold_key(_column, 'queued.object_key') }}
        {%- endif %}
)
            {%- endset -%}
            {%- do _selects.append(_select) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set _picture -%}
select queued.file_id
from {{ source('ledger', 'file_queue') }} as queued
where
    queued.bucket = {{ retention.sql_literal(var('generic_picture_bucket', '')) }}
    and queued.object_key = {{ retention.sql_literal(var('generic_picture_key', '')) }} and queued.object_key <> ''
    {%- endset -%}
    {{ (_selects + [_picture]) | join('\nunion all\n') }}
{% endmacro %}
