-- What the server's catalog says of a platform's tables and columns. Each statement under its name.

-- name: catalog_schemas
-- What a platform's tables are in; neither the server's nor ours.
select nspname as schema
from pg_catalog.pg_namespace
where
    nspname !~ '^pg_' and nspname <> 'information_schema'
    and nspname <> %(ours)s and left(nspname, length(%(ours)s) + 1) <> %(ours)s || '_'
    and exists (
        select 1 from pg_catalog.pg_class
        where relnamespace = pg_namespace.oid and relkind in ('r', 'p', 'f', 'm') and not relispartition
    )
order by nspname

-- name: catalog_tables
-- Partitions are part of their table; what an extension brought is not the platform's.
select
    c.oid::bigint as oid,
    n.nspname as schema,
    c.relname as name,
    c.relkind::text as kind,
    greatest(
        c.reltuples, (select sum(greatest(p.reltuples, 0)) from pg_catalog.pg_inherits i
            join pg_catalog.pg_class p on p.oid = i.inhrelid where i.inhparent = c.oid)
    )::bigint as rows,
    coalesce(pg_catalog.obj_description(c.oid, 'pg_class'), '') as comment,
    array(
        select t.tgname::text from pg_catalog.pg_trigger t
        where t.tgrelid = c.oid and not t.tgisinternal and t.tgtype::int & 16 <> 0
        order by t.tgname
    ) as triggers
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where
    n.nspname = any(%(schemas)s) and c.relkind in ('r', 'p', 'f', 'm') and not c.relispartition
    and exists (select 1 from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)
    and not exists (
        select 1 from pg_catalog.pg_depend d
        where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid and d.deptype = 'e'
    )
order by n.nspname, c.relname

-- name: catalog_columns
-- base: what a domain, or a domain over one, stands on; element: what an array holds.
with recursive base (oid, type, typmod, domains) as (
    select t.oid, t.oid, -1, '{{}}'::oid[] from pg_catalog.pg_type t
    where t.oid in (select a.atttypid from pg_catalog.pg_attribute a where a.attrelid = any(%(tables)s))
    union all
    select base.oid, t.typbasetype, greatest(base.typmod, t.typtypmod), base.domains || t.oid
    from base join pg_catalog.pg_type t on t.oid = base.type where t.typtype = 'd'
)
select
    a.attrelid::bigint as table_oid,
    a.attname as name,
    pg_catalog.quote_ident(a.attname) as quoted,
    pg_catalog.format_type(a.atttypid, a.atttypmod) as data_type,
    coalesce(e.typname, t.typname) as type_name,
    coalesce(e.typtype, t.typtype)::text as type_kind,
    e.oid is not null as is_array,
    case when t.typname in ('varchar', 'bpchar') and greatest(a.atttypmod, base.typmod) > 4
        then greatest(a.atttypmod, base.typmod) - 4 end as length,
    not a.attnotnull and not exists (
        select 1 from pg_catalog.pg_type d where d.oid = any(base.domains) and d.typnotnull
    ) as is_nullable,
    a.attgenerated <> '' as is_generated,
    array(
        select distinct g.attname::text from pg_catalog.pg_depend p
        join pg_catalog.pg_attribute g on g.attrelid = a.attrelid and g.attnum = p.refobjsubid
        where p.refobjid = a.attrelid and p.refobjsubid not in (0, a.attnum)
            and (
                p.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass and p.objid = f.oid
                or p.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and p.objid = a.attrelid
                and p.objsubid = a.attnum
            )
    ) as generated_from,
    coalesce(pg_catalog.pg_get_expr(f.adbin, f.adrelid), '') as default_text,
    array(
        select l.enumlabel::text from pg_catalog.pg_enum l
        where l.enumtypid = coalesce(e.oid, t.oid) order by l.enumsortorder
    ) as labels,
    array(
        select pg_catalog.pg_get_constraintdef(k.oid) from pg_catalog.pg_constraint k
        where k.contypid = any(base.domains) and k.contype = 'c'
    ) as domain_checks,
    coalesce(pg_catalog.col_description(a.attrelid, a.attnum), '') as comment
from pg_catalog.pg_attribute a
join base on base.oid = a.atttypid
join pg_catalog.pg_type t on t.oid = base.type and t.typtype <> 'd'
left join pg_catalog.pg_type e on e.oid = t.typelem and t.typcategory = 'A'
left join pg_catalog.pg_attrdef f on f.adrelid = a.attrelid and f.adnum = a.attnum
where a.attrelid = any(%(tables)s) and a.attnum > 0 and not a.attisdropped
order by a.attrelid, a.attnum
