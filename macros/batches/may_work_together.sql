{#
    Whether the lines of a kind may share batches: an index has to lead to the rows of each, or every look would read the table
    once a line; and its thin view has to show one table, since rows of a join are judged once more after their lock.
#}
{% macro may_work_together(kind, thin) %}
    {{ return(
        not retention.is_repeated(kind) and not retention.is_distributed()
        and retention.is_plain_view(thin) and retention.has_living_index(kind)
    ) }}
{% endmacro %}
