{# A name as a person writes it in SQL: in quotes only where its letters or its meaning ask for them. #}
{% macro plain_name(name) -%}
    {%- set _reserved = ['all', 'analyse', 'analyze', 'and', 'any', 'array', 'as', 'asc', 'both', 'case', 'cast', 'check', 'collate', 'column',
        'constraint', 'create', 'default', 'desc', 'distinct', 'do', 'else', 'end', 'except', 'false', 'fetch', 'for', 'foreign', 'from', 'grant',
        'group', 'having', 'in', 'into', 'limit', 'not', 'null', 'offset', 'on', 'only', 'or', 'order', 'primary', 'references', 'select', 'some',
        'table', 'then', 'to', 'true', 'union', 'unique', 'user', 'using', 'when', 'where', 'window', 'with'] -%}
    {{ return(name if modules.re.match('^[a-z_][a-z0-9_]*$', name) and name not in _reserved else adapter.quote(name)) }}
{%- endmacro %}
