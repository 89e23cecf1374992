{#
    First key of the product's advisory locks: (namespace, 0) is the one run at a time, (namespace, run_id) the run's own;
    (namespace + 1, …) the lanes that leave a row of several owners to each other.
#}
{% macro lock_namespace() -%} 1380275269 {%- endmacro %}
