{#
    Takes the next due rows of several lines, oldest first, between `_reached` and `_until`; a batch that locks them first leaves
    alone what others hold. Should the window hold more than a batch takes, the newest are locked for nothing until the batch
    ends, 50,000 at most; what a line has beyond its part of these is left to the lines one by one. Planned once for all
    windows, as planning costs as much as the look, and away from reading the table whole, which a plan for any window might.
#}
{% macro lock_together(table, thin, is_due) %}
                {{ retention.begin_batch(table, thin) }}
                _look_began := clock_timestamp();
                perform set_config('enable_seqscan', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true);
                {{ retention.if_locking(
                    table,
                    retention.look_together(table, thin, is_due, is_locked=true),
                    retention.look_together(table, thin, is_due)
                ) }}
                perform set_config('enable_seqscan', null, true), set_config('plan_cache_mode', null, true);
                _found := cardinality(_keys);
                _began := clock_timestamp();  -- from here on writers may wait: not while rows were searched
{% endmacro %}
