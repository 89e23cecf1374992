{#
    Why a queued file counts as stuck, as SQL; null while it does not. Counted from the end of PURGE_DELAY: until then it
    only waits. A third night is 47 hours after the first where the clocks go forward.
#}
{% macro stuck_because(file) -%}
    {%- set _delay = 'make_interval(secs => ' ~ env_var('PURGE_DELAY', '0') | float ~ ')' -%}
    {%- set _waits = retention.present() ~ ' - ' ~ file ~ '.queued_at - ' ~ _delay -%}
case
    when {{ file }}.attempts >= 3 and {{ _waits }} > interval '47 hours'
        then 'failed on three nights: ' || coalesce({{ file }}.failure, 'for an unknown reason')
    when {{ file }}.attempts = 0 and {{ _waits }} > interval '26 hours' then 'not tried for more than 26 hours'
    when {{ _waits }} > interval '74 hours' then 'queued for more than 74 hours'
end
{%- endmacro %}
