{# Whether rows of other tables repeat an identifier of this kind's rows, so that they are emptied with them (S3). #}
{% macro is_repeated(kind) %}
    {{ return(retention.repeated_identifiers(kind) | length > 0) }}
{% endmacro %}
