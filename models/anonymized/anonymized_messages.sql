{%- set _hooks = [
    after_commit("{{ retention.anonymize('messages', retention.message_is_due('due_row', '_cutoff')) }}"),
] -%}
{%- for _kind in retention.other_kinds() -%}
{%- do _hooks.append(after_commit("{{ retention.anonymize_late('" ~ _kind ~ "') }}")) -%}
{%- endfor -%}
{{ config(pre_hook=before_begin("{{ retention.batch_session() }}"), post_hook=_hooks) }}

-- What the hooks empty; they look for it themselves, batch by batch.
-- depends_on: {{ ref('due_messages') }}
-- depends_on: {{ ref('due_attachments') }}
{{ retention.lines_of_kinds(retention.kinds_with_messages()) }}
