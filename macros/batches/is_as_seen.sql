{#
    That nobody has changed a row since a batch looked at it without a lock, as an SQL condition that follows others: who wrote
    the row is older than every transaction that was at work then. A row of two billion transactions ago may seem to be of the
    future; a million later than now is none that was written meanwhile.
#}
{% macro is_as_seen() -%}
    and (_locks_first or not age(xmin) between -1000000 and _youngest)
{%- endmacro %}
