{#
    The part of get_replace_view_sql that replaces the view. It waits for who reads it in a transaction that is still open, a
    tenth of a second at a time, since those who come to read it later wait behind us; after some seconds it gives up.
#}
{% macro replace_when_free() -%}
perform set_config('lock_timeout', '100ms', true);
    for _attempt in 1..20 loop
        begin
            begin
                execute format('create or replace view %s as %s', _view, _definition);
            exception when invalid_table_definition then
                execute format('drop view %s', _view);
                execute format('create view %s as %s', _view, _definition);
            end;
            exit;
        exception when lock_not_available then
            if _attempt = 20 then
                raise exception 'Building %: expected it to be free, found it read in an open transaction.', _view;
            end if;
            perform pg_sleep(0.15);
        end;
    end loop;
{%- endmacro %}
