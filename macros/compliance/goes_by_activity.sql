{#
    Whether verification goes by what nights remember of activity: the var proofs says so, and it is remembered. Read on the nights
    between two in which all of it is computed anew; in those, and until the next run, everything is asked.
#}
{% macro goes_by_activity() %}
    {{ return('activity' in retention.proofs() and retention.has_activity()) }}
{% endmacro %}
