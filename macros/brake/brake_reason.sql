{#
    Why the brake holds a kind of row of an environment back, as an SQL expression; null: it does not. Over the relations
    `compared` (the environment now, and at its baseline) and `counted` of brake_verdicts. Without a due row there is
    nothing to hold but a changed period, which is then judged by its first due row and not forgotten. Living rows are counted
    within `case`, where `and` would count them all when nothing is due.

    Four days: the most that a cutoff gains on the calendar at the end of a month (three), and a day of grace. What passed is counted on
    the clock, from when the run began: a run with an --as-of of the past would otherwise let a whole history through.
#}
{% macro brake_reason(as_of) -%}
    case
        when compared.problem is not null then null
        when compared.cutoff_then is null
            then case when counted.due > 0 then 'no run has finished for it yet' end
        when compared.months_then <> compared.retention_months then format(
            'its period changed from %s to %s months', compared.months_then, compared.retention_months
        )
        when compared.cutoff - compared.cutoff_then > {{ as_of }} - compared.began_then + interval '4 days' then format(
            'its cutoff moved on by %s days, more than the time since its last run',
            extract(day from compared.cutoff - compared.cutoff_then)
        )
        when counted.appeared > 1000 then case
            when counted.appeared * 100 > {{ retention.living_rows('counted.appeared * 100') }} then format(
                '%s rows appeared that were due at its last run already', counted.appeared
            )
        end
    end
{%- endmacro %}
