{#
    The post-hook that anonymizes one kind of row: the only SQL that changes platform rows. Returns SQL.

    It never acts unless its run is open in the ledger and a live session holds that run's lock, looked up before each
    batch; never on an environment without an open line; never past the line's cutoff. One batch is one transaction:
    owners, what belongs to them, the files' queue, the ledger's counts. An error undoes its batch alone, and passes on
    the SQLSTATE and names, never a row.

    `is_due` is the kind's rule over the alias `due_row`, with the cutoff `_cutoff`; `check_again` names the
    table whose new rows may lift it, and has the rule read a second time on locked rows (U3); `milliseconds` is the time
    that one batch aims at.
#}
{% macro anonymize(kind, is_due, milliseconds=100, check_again=none) %}
    {%- set _run_id = var('run_id', none) -%}
    {%- set _thin = ref('platform_' ~ kind) -%}
    {%- if not execute or _run_id is none -%}
        select 'no run is open, {{ kind }} stay as they are' as outcome
    {%- else -%}
        {%- set _table = retention.mapped_table(kind) -%}
do $anonymize$
declare
    {{ retention.batch_variables(_table, _thin, _run_id) }}
begin
    for _line in
        select environment_id, cutoff
        from {{ source('ledger', 'run_lines') }}
        where run_id = _run_id and kind = '{{ kind }}' and state = 'open'
        order by environment_id
    loop
        _environment_id := _line.environment_id;
        _cutoff := _line.cutoff;
        {{ retention.batch_start() }}
        loop
            {{ retention.require_open_run() }}
            begin
                {{ retention.lock_due_rows(_table, _thin, is_due, check_again) }}
                {{ retention.empty_rows(_table) }}
                {{ retention.count_batch(kind) }}
            exception when others then
                get stacked diagnostics
                    _state = returned_sqlstate, _failed_table = table_name, _failed_constraint = constraint_name;
                _failed := true;
            end;
            commit;  -- outside the block above, where a failed batch is already undone
            {{ retention.size_next_batch(milliseconds) }}
        end loop;
        {{ retention.close_line(kind, _thin, is_due) }}
        commit;
    end loop;
end
$anonymize$
    {%- endif -%}
{% endmacro %}
