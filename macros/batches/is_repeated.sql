{# Whether rows of other tables repeat an identifier of this kind's rows, so that they are emptied with them (S3). #}
{% macro is_repeated(kind) %}
    {%- for _other in retention.data_map() -%}
        {%- for _column in retention.personal_columns(_other) if _column.identifies and _column.identifies.table == kind -%}
            {{ return(true) }}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(false) }}
{% endmacro %}
