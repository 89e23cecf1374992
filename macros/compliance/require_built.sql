{#
    What a test of offences stands on, outside a run: says what to do where its model was not built for the target at hand.
    Who looks asks the shared ones; models of their own would read what the platform keeps from them. Compiled, which
    happens with its model, it asks for nothing.
#}
{% macro require_built(model) %}
    {%- if execute and flags.WHICH == 'test' and retention.run_setting('run_id') is none
        and not adapter.get_relation(model.database, model.schema, model.identifier) -%}
        {%- set _remedy = "Run `retention run --dry-run` once (it changes no platform row)." if target.name == 'nightly'
            else "Ask the shared ones: dbt test --target nightly --exclude-resource-type unit_test." -%}
        {%- do exceptions.raise_compiler_error(
            "Testing " ~ model.identifier ~ ": expected it in the schema " ~ model.schema ~ ", found none. " ~ _remedy
        ) -%}
    {%- endif -%}
{% endmacro %}
