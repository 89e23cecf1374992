{# The night on which what is judged by an instant falls due, as SQL; `cutoffs`: of as_of's own night, 0, and those after it. #}
{% macro night_of(instant, cutoffs) -%}
    greatest(width_bucket({{ instant }}, {{ cutoffs }}), 1)
{%- endmacro %}
