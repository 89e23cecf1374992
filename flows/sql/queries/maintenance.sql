-- The removal of old row versions. Each statement under its name; {ledger} is RETENTION_SCHEMA.

-- name: changed_tables
-- What runs changed since the last one that reached one of the levels: tables of the data map, and our own. Also what a
-- run changed that died: a batch counts itself in its own transaction.
with changes as (
    select kind, sum(anonymized) as own, sum(dependents) as dependents, sum(files_purged + files_spared) as files
    from {ledger}.run_lines
    where run_id > coalesce((select max(run_id) from {ledger}.runs where residue = any(%(levels)s)), 0)
    group by kind
)
select maintained.table_schema, maintained.table_name
from {ledger}.maintained_tables as maintained
inner join changes on maintained.kind = changes.kind
group by maintained.table_schema, maintained.table_name
having sum(case when maintained.is_dependent then changes.dependents else changes.own end) > 0
union
select namespace.nspname, class.relname
from pg_class as class
inner join pg_namespace as namespace on class.relnamespace = namespace.oid
where
    (class.oid = '{ledger}.file_queue'::regclass and (select sum(files) from changes) > 0)
    or (class.oid = '{ledger}.run_lines'::regclass and (select sum(own) from changes) > 0)
order by 1, 2

-- name: configured_residue
select max(residue) as residue from {ledger}.maintained_tables

-- name: note_residue
update {ledger}.runs set residue = %(residue)s where run_id = %(run_id)s

-- name: begin_maintenance
-- What transactions older than this one changed is to go; from 17 on the right to do so can be granted.
select pg_current_xact_id()::xid::text as newest, clock_timestamp() as began, current_user as role,
       current_setting('server_version_num')::integer >= 170000 as can_be_granted

-- name: analyze_table
analyze {table}

-- name: vacuum_table
-- Index entries go too, however few; the end of the file is not cut off, which would lock out readers of a replica.
vacuum (index_cleanup on, truncate off) {table}

-- name: rewrite_table
vacuum (full) {table}

-- name: checkpoint
checkpoint

-- name: remains
-- What PostgreSQL says of each table, with its partitions and what is stored out of line: whether the work was done since,
-- how many old row versions are left, and the files that hold it.
with asked as (
    select relation.table_schema, relation.table_name, class.oid
    from unnest(%(schemas)s::text[], %(names)s::text[]) as relation (table_schema, table_name)
    inner join pg_namespace as namespace on relation.table_schema = namespace.nspname
    inner join pg_class as class on namespace.oid = class.relnamespace and relation.table_name = class.relname
),

parts as (
    select asked.table_schema, asked.table_name, class.oid, class.reltoastrelid
    from asked
    left join lateral pg_partition_tree(asked.oid) as part on part.isleaf
    inner join pg_class as class on class.oid = coalesce(part.relid, asked.oid)
)

select
    parts.table_schema,
    parts.table_name,
    bool_and(coalesce(stat.last_analyze >= %(began)s, false)) as is_analyzed,
    bool_and(coalesce(stat.last_vacuum >= %(began)s, false)) as is_vacuumed,
    coalesce(sum(stat.n_dead_tup + coalesce(toast.n_dead_tup, 0)), 0)::bigint                   as dead,
    array_agg(pg_relation_filenode(parts.oid) order by parts.oid)                              as files
from parts
left join pg_stat_all_tables as stat on parts.oid = stat.relid
left join pg_stat_all_tables as toast on parts.reltoastrelid = toast.relid
group by parts.table_schema, parts.table_name
order by 1, 2

-- name: holders
-- What keeps the server from removing what older transactions changed, the rows of catalogs included where asked. Another
-- VACUUM's own snapshot does not.
select
    case when backend_type = 'walsender' then 'the replica served by pid' else 'the session with pid' end as holder,
    pid::text as name, floor(extract(epoch from clock_timestamp() - xact_start) / 60)::integer as minutes
from pg_stat_activity as session
where
    pid <> pg_backend_pid()
    and (datid is null or datname = current_database())
    and greatest(age(backend_xid), age(backend_xmin)) > age(%(newest)s::xid)
    and not exists (select 1 from pg_stat_progress_vacuum as vacuum where vacuum.pid = session.pid)
union all
select 'the replication slot', slot_name, null
from pg_replication_slots
where greatest(age(xmin), case when %(with_catalogs)s then age(catalog_xmin) end) > age(%(newest)s::xid)
union all
select 'the prepared transaction', transaction::text,
       floor(extract(epoch from clock_timestamp() - prepared) / 60)::integer
from pg_prepared_xacts
where database = current_database() and age(transaction) > age(%(newest)s::xid)
order by 1, 2
