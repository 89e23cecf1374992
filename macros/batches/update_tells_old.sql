{# Whether an update on this server returns a row's old values beside the new ones: from PostgreSQL 18 on. #}
{% macro update_tells_old() %}
    {%- if execute -%}
        {{ return(run_query("select current_setting('server_version_num')::integer >= 180000").rows[0][0]) }}
    {%- endif -%}
    {{ return(false) }}
{% endmacro %}
