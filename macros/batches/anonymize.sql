{#
    The post-hook that anonymizes one kind of row: the only SQL that changes platform rows. Returns SQL.

    It never acts unless its run is open in the ledger and a live session holds that run's lock, looked up before each batch;
    never on an environment without an open line; never past the line's cutoff. One batch is one transaction: owners, what
    belongs to them, the files' queue, the ledger's counts. An error undoes its batch alone, and passes on no row.

    `is_due` is the kind's rule over the alias `due_row`, with the cutoff `_cutoff`; `check_again` names the table whose
    new rows may lift it, and has the rule read a second time on locked rows (U3); `milliseconds` is what a batch aims at;
    `is_searched_everywhere`: no index leads to what is due, so that lines without any are passed over; they were opened
    with nothing left over.
#}
{% macro anonymize(kind, is_due, milliseconds=40, check_again=none, is_searched_everywhere=false) %}
    {%- set _run_id, _thin = retention.run_setting('run_id'), ref('platform_' ~ kind) -%}
    {%- if not execute or _run_id is none or is_due is none -%}
        select 'no run is open, or another hook does it: {{ kind }} stay as they are' as outcome
    {%- else -%}
        {%- set _table = retention.mapped_table(kind) -%}
        {%- set is_due = is_due ~ (retention.may_be_due('due_row', '_environment_id', '_cutoff') if kind == 'users' else '') -%}
do $anonymize$
declare
    {{ retention.batch_variables(_table, _thin, _run_id) }}
begin
    {%- set _is_together = not (check_again or is_searched_everywhere) and retention.may_work_together(kind, _thin) -%}
    {%- if _is_together %}
    {{ retention.work_together(kind, _table, _thin, is_due, milliseconds) }}
    {%- endif %}
    for _line in
        select environment_id, cutoff
        from {{ source('ledger', 'run_lines') }}
        where run_id = _run_id and kind = '{{ kind }}' and state = 'open' and lane = _lane
            {%- if is_searched_everywhere %} and due > 0{% endif %}
        order by oldest_due_at, environment_id
    loop
        {{ retention.work_line(kind, _table, _thin, is_due, check_again, milliseconds, _is_together) }}
    end loop;
end
$anonymize$
    {%- endif -%}
{% endmacro %}
