{# The SQLSTATE of a batch whose rows were updated and not emptied. #}
{% macro not_emptied() -%} RT003 {%- endmacro %}
