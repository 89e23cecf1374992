{#
    Paths of one JSON column that the data map does not declare, by path, in the living rows that were created since two days
    before the last finished run; of a table that does not tell when, in all. A row that falls due is looked at once more by its batch.
#}
{% macro undeclared_paths(table, column) %}
    {%- set _created = retention.created_column(table) %}
select
    cast(null as text) as environment_id,
    '{{ table.name }}' as kind,
    '{{ column.name }}' as column_name,
    undeclared.path,
    cast(count(*) as text) as row_count,
    'in the data, not in the data map' as reason
from {{ table.relation }}
cross join lateral {{ adapter.quote(env_var('RETENTION_SCHEMA', 'retention')) }}.undeclared_paths(
    {{ adapter.quote(column.name) }}::text::json, {{ retention.sql_literal(tojson(retention.json_tree(column))) }}::jsonb
) as undeclared (path)
where
    {{ retention.is_unmarked(table) }}
    {%- if _created %}
    and {{ adapter.quote(_created) }} >= coalesce(
        (
            select max(run.as_of) - interval '2 days' from {{ source('ledger', 'runs') }} as run
            where run.finished_at is not null and not run.dry_run
        ), '-infinity'
    )
    {%- endif %}
group by undeclared.path
{% endmacro %}
