{# Whether the run's budget is used up, as an SQL condition; false where it has none. #}
{% macro is_out_of_time() -%}
    {%- set _deadline = retention.run_setting('deadline') -%}
    {%- if _deadline is none -%} false {%- else -%} clock_timestamp() >= {{ retention.instant(_deadline) }} {%- endif -%}
{%- endmacro %}
