{#
    What compliance judges by: the var `as_of` if given, else the as_of of the last finished run, else the moment of
    reading. What falls due by noon is no offence until the next night.
#}
{% macro last_as_of() -%}
    {%- set _given = retention.run_setting('as_of') -%}
    {%- if _given is not none -%}
        {{ retention.instant(_given) }}
    {%- else -%}
        coalesce(
            (select max(as_of) from {{ source('ledger', 'runs') }} where finished_at is not null and not dry_run),
            now()
        )
    {%- endif -%}
{%- endmacro %}
