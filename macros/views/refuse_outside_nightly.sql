{# Pre-hook of what is shared: only the target `nightly` may build it, and nobody clones it over itself. #}
{% macro refuse_outside_nightly() %}
    {%- if execute and flags.WHICH == 'clone' -%}
        {%- do exceptions.raise_compiler_error(
            "Cloning " ~ this ~ ": it is built, never cloned; a clone would drop it first, with all that stands on it. "
            "To renew what is shared: retention run --dry-run."
        ) -%}
    {%- endif -%}
    {%- if execute and target.name != 'nightly' -%}
        {%- do exceptions.raise_compiler_error(
            "Building " ~ this ~ ": it is shared, and only the target nightly builds it; found the target " ~ target.name ~ ". "
            "To look at what is due: dbt run --select due_*. To renew what is shared: retention run --dry-run."
        ) -%}
    {%- endif -%}
{% endmacro %}
