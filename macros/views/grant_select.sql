{#
    Grants select on a relation to those of the given roles that exist and do not have it: where the platform was not
    prepared, there is nobody to grant it to. Takes nothing from anybody: what operators granted stays.
#}
{% macro grant_select(relation, roles) -%}
    {%- if execute and target.name == 'nightly' and roles -%}
do $grant$
declare
    _role name;
begin
    for _role in
        select rolname
        from pg_roles
        where
            rolname = any(array['{{ roles | join("', '") }}'])
            and not has_table_privilege(oid, '{{ relation }}'::regclass, 'select')
    loop
        execute format('grant select on %s to %I', '{{ relation }}', _role);
    end loop;
end
$grant$
    {%- endif -%}
{%- endmacro %}
