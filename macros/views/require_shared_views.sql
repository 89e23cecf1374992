{# Pre-hook of what stands on the shared views: says what to do when they are not there or may not be read. #}
{% macro require_shared_views() %}
    {%- if flags.WHICH == 'clone' -%}
        {%- do retention.refuse_outside_nightly() -%}
    {%- endif -%}
    {%- if execute and target.name != 'nightly' -%}
        {%- set _schema = env_var('RETENTION_SCHEMA', 'retention') -%}
        {%- set _view = _schema ~ '.platform_environments' -%}
        {%- set _found = run_query("select to_regclass('" ~ _view ~ "') is not null and has_schema_privilege('" ~ _schema ~ "', 'usage')"
            if run_query("select 1 from pg_namespace where nspname = '" ~ _schema ~ "'") else "select false") -%}
        {%- if not _found.rows[0][0] -%}
            {%- do exceptions.raise_compiler_error(
                "Building " ~ this ~ ": expected the shared views in the schema " ~ _schema ~ ", found none that this role may read. "
                "Run `retention run --dry-run` once (it changes no platform row), and grant this role usage on that schema."
            ) -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
