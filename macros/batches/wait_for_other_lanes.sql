{#
    Of two lanes that empty two owners of one row at a time, each would see the other's alive, and leave the row: a lane that
    leaves one because of an owner waits until the others that did are done, and looks after that; where that takes longer than
    the session waits for a lock, its batch fails, and is tried again.
#}
{% macro wait_for_other_lanes(table, thin, goes) -%}
    {%- if (retention.run_setting('lanes') or 1) | int > 1 and retention.may_be_shared(table, thin) %}
    {%- set _owner = retention.id_of(retention.mapped_table(table.owner.table)) %}
                if exists (
                    select 1 from {{ thin }} as own
                    where own.{{ _owner }} = any(_keys) and own.anonymized_on is null and not (true {{- goes }})
                ) then
                    perform pg_advisory_xact_lock({{ retention.lock_namespace() }} + 1, hashtext('{{ table.relation }}'));
                end if;
    {%- endif %}
{%- endmacro %}
