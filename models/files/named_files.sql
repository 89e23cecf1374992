{#- What the purge spares of the queue, from the data map; distributed tables can be joined in one form only. -#}
{%- if retention.is_distributed() -%}
select queued.file_id
from {{ source('ledger', 'file_queue') }} as queued
where exists (
    select 1 from {{ ref('file_references') }} as reference
    where reference.bucket = queued.bucket and reference.object_key = queued.object_key
)
{%- else -%}
{{ retention.named_files() }}
{%- endif %}
