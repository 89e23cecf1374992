{# The moment of reading, for what must never show the instant at which it was built: statistics, status, the feed. #}
{% macro present() -%} now() {%- endmacro %}
