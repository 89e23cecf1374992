{#
    Counts dependents of the locked rows that others held as due on the line of their own kind, so that it looks for them: among
    all, since they may be older than what comes late. The keys are named twice: by the join alone all that lives is looked at.
    The batch is undone where it emptied what led from one of them to its owner.
#}
{% macro note_passed_over(table, dependent) %}
    {%- set _thin = retention.thin_view(dependent.name) -%}
    {%- set _goes = retention.goes_with_last_owner(dependent, _thin, 'held', '_keys') -%}
    {%- set _id, _owner = retention.id_of(dependent), retention.id_of(retention.mapped_table(dependent.owner.table)) %}
    {%- if not retention.is_plain_view(_thin) %}
                if _{{ dependent.name }}_held > (
                    select count(distinct held.{{ _id }}) from {{ _thin }} as held
                    where held.{{ _owner }} = any(_keys) and held.anonymized_on is null {{- _goes }}
                ) then
                    raise exception using
                        errcode = 'lock_not_available', message = '{{ dependent.name }} are held that nothing would lead to any more';
                end if;
    {%- endif %}
                if {{ retention.may_have_come(table) }} then
                    update {{ source('ledger', 'run_lines') }} as line set due = line.due + held.rows, left_over = null
                    from (
                        select owner.environment_id, count(*) as rows
                        from unnest(_keys, _of) as owner (owner_key, environment_id)
                        inner join {{ _thin }} as held on held.{{ _owner }} = owner.owner_key
                        where held.{{ _owner }} = any(_keys) and held.anonymized_on is null {{- _goes }}
                        group by owner.environment_id
                    ) as held
                    where
                        line.run_id = _run_id
                        and line.environment_id = held.environment_id
                        and line.kind = '{{ dependent.name }}'
                        and line.lane = 0;
                {%- if retention.has_activity() %}
                    if found then
                        update {{ source('ledger', 'activity_state') }} set late_since = '-infinity';
                    end if;
                {%- endif %}
                end if;
{% endmacro %}
