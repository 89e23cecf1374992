{#
    How many rows the first batch takes: a tenth of the largest, twenty at most. How long a row takes is not known yet, on a
    platform whose triggers work on each of them, and writers may wait for all of it; then time decides.
#}
{% macro first_batch_size() -%}
    greatest(least({{ retention.whole_number_var('batch_rows_max', 10000, 1, 100000) }} / 10, 20), 1)
{%- endmacro %}
