{# Pre-hook of what is shared: only the target `nightly` may build it. #}
{% macro refuse_outside_nightly() %}
    {%- if execute and target.name != 'nightly' -%}
        {%- do exceptions.raise_compiler_error(
            "Building " ~ this ~ ": it is shared, and only the target nightly builds it; found the target " ~ target.name ~ ". "
            "To look at what is due: dbt run --select due_*. To renew what is shared: retention run --dry-run."
        ) -%}
    {%- endif -%}
{% endmacro %}
