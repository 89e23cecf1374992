{%- set _hooks = [] -%}
{%- for _kind in retention.other_kinds() -%}
{%- do _hooks.append(after_commit("{{ retention.anonymize_by_age('" ~ _kind ~ "') }}")) -%}
{%- endfor -%}
{{ config(pre_hook=before_begin("{{ retention.batch_session() }}"), post_hook=_hooks) }}

-- After the users: one person's rows of any age get one identifier (S3), and what belongs to users goes with them.
-- depends_on: {{ ref('anonymized_users') }}
-- depends_on: {{ ref('due_events') }}
{{ retention.lines_of_kinds(retention.other_kinds() | reject('in', retention.kinds_with_messages()) | list) }}
