-- What analysts may read of it, where the platform was prepared for them: counts. Not the queue, which holds object keys.
do $grants$
declare
    _table text;
begin
    for _table in
        select shared.relation
        from pg_roles
        cross join unnest(
            array['{ledger}.runs', '{ledger}.run_lines', '{ledger}.approvals', '{ledger}.pauses', '{ledger}.documents']
        ) as shared (relation)
        where rolname = 'retention_analyst' and not has_table_privilege(oid, shared.relation::regclass, 'select')
    loop
        execute format('grant select on %s to retention_analyst', _table);
    end loop;
end
$grants$;
