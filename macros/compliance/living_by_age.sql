{# Of the compliance model overdue_rows: the living rows of a kind that is judged by the age of its own rows; else nothing. #}
{% macro living_by_age(kind) -%}
    {%- set _view = ref('platform_' ~ kind) -%}
    {%- set _table = retention.kind_entry(kind) -%}
    {%- if not _table.owner %}
    union all
    select
        environment_id,
        '{{ kind }}' as kind,
        cast({{ retention.id_of(_table) }} as text) as row_id,
        created_at as judged_at,
        'created before the cutoff (S3)' as reason
    from {{ _view }}
    where anonymized_on is null
    {%- endif -%}
{%- endmacro %}
