{# Whether a thin view has the column `is_kept`: true of a row that something else than a data subject's shows too, so that it stays. #}
{% macro tells_kept_rows(thin) %}
    {%- if not execute -%} {{ return(false) }} {%- endif -%}
    {{ return(run_query(
        "select exists (select 1 from pg_attribute where attrelid = to_regclass('" ~ thin ~ "') and attname = 'is_kept' and not attisdropped)"
    ).rows[0][0]) }}
{% endmacro %}
