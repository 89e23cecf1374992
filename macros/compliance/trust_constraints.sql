{#
    For the query that follows in this transaction, a test's: PostgreSQL reads no table of which a valid constraint says that no row
    fulfils the query's condition, where the var proofs names `constraints`. Said within the test, since a view can't.
#}
{% macro trust_constraints() %}
    {%- if execute and 'constraints' in retention.proofs() -%}
        {%- do run_query('set local constraint_exclusion = on') -%}
    {%- endif -%}
{% endmacro %}
