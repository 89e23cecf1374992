{#
    SQL that brings a view to its definition. The view's comment remembers what was asked for and what PostgreSQL made
    of it; while both are as remembered, nothing is done. Where its columns changed so that it can't be replaced, it is
    dropped, without cascade: what stands on it is named and the view stays as it was. So it does where the columns are not
    those that its contract promises.
#}
{% macro get_replace_view_sql(relation, sql, promised={}) -%}
    {%- set _contract = retention.refuse_broken_contract(promised) if promised else '' -%}
    {%- set _asked = local_md5(sql ~ _contract) -%}
do $view$
declare
    _broken text;
    _view constant text := '{{ relation }}';
    _definition constant text := $definition${{ sql }}
$definition$;
begin
    if obj_description(to_regclass(_view), 'pg_class') = format(
        'Made by retention. Definition %s %s', '{{ _asked }}', md5(pg_get_viewdef(to_regclass(_view)))
    ) then
        return;
    end if;
    if (select relkind from pg_class where oid = to_regclass(_view)) <> 'v' then
        raise exception 'Building %: expected a view or nothing there, found something else. Rename or drop it.', _view;
    end if;
    {{ retention.replace_when_free() }}
    {{ _contract }}
    execute format(
        'comment on view %s is %L', _view,
        format('Made by retention. Definition %s %s', '{{ _asked }}', md5(pg_get_viewdef(to_regclass(_view))))
    );
end
$view$
{%- endmacro %}
