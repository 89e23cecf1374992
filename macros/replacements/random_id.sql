{# A unique identifier from PostgreSQL's cryptographic source, derived from nothing (M3); its shape can be checked. #}
{% macro random_id() -%} 'anonymized-' || gen_random_uuid() {%- endmacro %}
