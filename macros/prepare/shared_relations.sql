{#
    What analysts may read, as a list of {schema, identifier}: the views whose config grants it, the seeds, and the
    ledger's tables in counts. Not the queue, nor what lists object keys.
#}
{% macro shared_relations() %}
    {%- set _schema = env_var('RETENTION_SCHEMA', 'retention') -%}
    {%- set _relations = [] -%}
    {%- if execute -%}
        {%- for _node in graph.nodes.values() if _node.resource_type in ('model', 'seed') -%}
            {%- if _node.name in ('retention_periods', 'feed_environments') or retention.analyst_role() in (_node.config.grants or {}).get('select', []) -%}
                {%- do _relations.append({'schema': _node.schema, 'identifier': _node.alias}) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- for _name in ('runs', 'run_lines', 'approvals', 'pauses', 'documents') -%}
            {%- do _relations.append({'schema': _schema, 'identifier': _name}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(_relations) }}
{% endmacro %}
