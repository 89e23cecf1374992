{# First key of the product's advisory locks: (namespace, 0) is the one run at a time, (namespace, run_id) the run's own. #}
{% macro lock_namespace() -%} 1380275269 {%- endmacro %}
