{#
    Whether an offence counts against the run at hand: its environment was undertaken, and its kind neither held back nor
    left over; or the run was of all environments, and the platform does not have this one, for which there is no line.
#}
{% macro is_judged(offence, model_name) -%}
    {%- set _run_id = retention.run_setting('run_id') -%}
    {%- if _run_id is none -%}
        true
    {%- else -%}
    (
        {{ offence }}.environment_id is null
        or exists (
            select 1
            from {{ source('ledger', 'run_lines') }} as line
            where
                line.run_id = {{ _run_id | int }}
                and line.environment_id = cast({{ offence }}.environment_id as text)
                and line.state = 'open'
                {%- if model_name == 'overdue_rows' %}
                and line.kind = {{ offence }}.kind
                and coalesce(line.left_over, 1) = 0
                and line.held is null
                {%- endif %}
        )
        {%- if model_name != 'overdue_rows' %}
        or (
            (select environments is null from {{ source('ledger', 'runs') }} where run_id = {{ _run_id | int }})
            {%- if model_name != 'rows_without_environment' %}
            and not exists (
                select 1 from {{ source('ledger', 'run_lines') }} as line
                where line.run_id = {{ _run_id | int }} and line.environment_id = cast({{ offence }}.environment_id as text)
            )
            {%- endif %}
        )
        {%- endif %}
    )
    {%- endif -%}
{%- endmacro %}
