{%- set _hooks = [after_commit("{{ retention.anonymize('messages', retention.message_is_due('due_row', '_cutoff')) }}")] -%}
{%- for _kind in retention.other_kinds() -%}
{%- do _hooks.append(after_commit("{{ retention.anonymize_late('" ~ _kind ~ "') }}")) -%}
{%- endfor -%}
{{ config(pre_hook=before_begin("{{ retention.batch_session() }}"), post_hook=_hooks) }}

{{ retention.lines_of_kinds(retention.kinds_with_messages()) }}
