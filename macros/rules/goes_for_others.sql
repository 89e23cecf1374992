{#
    Whether nothing besides the owners that a row's own entry shows keeps it, as an SQL condition that follows others: no
    living owner by another entry of the same table, and nothing that is no data subject's, which a thin view of the table
    tells by `is_kept`. An owner in `keys`, the batch's, keeps nothing.
#}
{% macro goes_for_others(table, alias, keys=none) -%}
    {{ retention.is_not_kept(table, alias, keys) }}
    {{- retention.has_no_other_owner(table, alias, keys) }}
{%- endmacro %}
