{#
    After a batch that locked nothing first and failed: once more, and locked. After ten such in a row, such as where a trigger of
    the platform touches a message when its attachment changes, all batches of the kind lock first. What was done without a gap
    is known up to the first batch that locked, since such a batch leaves alone what others hold.
#}
{% macro lock_once_more(table, thin) %}
    {%- if retention.may_write_at_once(table, thin) %}
            if _failed and not _locks_first then
                _locks_first := true;
                _refused := _refused + 1;
                continue;
            end if;
            _is_gapless := _is_gapless and not (_failed or _locks_first);
            _refused := case when _locks_first then _refused else 0 end;
            _locks_first := _failed or _refused >= 10;
    {%- endif %}
{%- endmacro %}
