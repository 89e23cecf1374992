{#
    That nobody has changed a row since a batch looked at it without a lock, as an SQL condition that follows others: who wrote
    the row is older than every transaction that was at work then. Numbers go round: a row of three billion transactions ago may
    seem to be of the future. What is up to a billion later than now may have been written meanwhile, since a look may be long
    and a server begins hundreds of thousands a second; no batch lasts for more.
#}
{% macro is_as_seen() -%}
    and (_locks_first or not age(xmin) between -1000000000 and _youngest)
{%- endmacro %}
