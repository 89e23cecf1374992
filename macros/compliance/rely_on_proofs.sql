{#
    For the query that follows in this transaction, a test's of the model; said here, since a view can't. By the var proofs PostgreSQL
    reads no table of which a valid constraint tells that no row fulfils the query's condition, and goes by the index of offending rows
    where one stands: it can't know how few rows that holds, and might read the table. Where none stands it reads the table still.
#}
{% macro rely_on_proofs(model) %}
    {%- set _index_of = {'values_left_behind': 'value_indexes', 'cleared_markers': 'marker_indexes'} -%}
    {%- if execute and 'constraints' in retention.proofs() -%}
        {%- do run_query('set local constraint_exclusion = on') -%}
    {%- endif -%}
    {%- if execute and _index_of.get(model.identifier) in retention.proofs() -%}
        {%- do run_query('set local enable_seqscan = off; set local jit = off') -%}
    {%- endif -%}
{% endmacro %}
