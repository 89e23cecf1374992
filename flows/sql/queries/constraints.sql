-- What the server's catalog guarantees of a platform's columns. Each statement under its name.

-- name: catalog_uniques
-- Unique indexes without expressions, the primary key first.
select
    i.indrelid::bigint as table_oid,
    i.indisprimary as is_primary,
    i.indpred is not null as is_partial,
    array(
        select a.attname::text from unnest(i.indkey::int[]) with ordinality as k (attnum, place)
        join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
        where k.place <= i.indnkeyatts
        order by k.place
    ) as columns
from pg_catalog.pg_index i
where i.indrelid = any(%(tables)s) and i.indisunique and i.indexprs is null
order by i.indrelid, not i.indisprimary, i.indnkeyatts

-- name: catalog_links
-- Foreign keys, column by column; those of partitions repeat their table's.
select
    k.conrelid::bigint as table_oid,
    k.confrelid::bigint as target_oid,
    array(
        select a.attname::text from unnest(k.conkey) with ordinality as c (attnum, place)
        join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = c.attnum order by c.place
    ) as columns,
    array(
        select a.attname::text from unnest(k.confkey) with ordinality as c (attnum, place)
        join pg_catalog.pg_attribute a on a.attrelid = k.confrelid and a.attnum = c.attnum order by c.place
    ) as target_columns
from pg_catalog.pg_constraint k
where k.contype = 'f' and k.conrelid = any(%(tables)s) and k.confrelid = any(%(tables)s)
order by k.conrelid, k.conname

-- name: catalog_checks
select
    k.conrelid::bigint as table_oid,
    k.conname as name,
    pg_catalog.pg_get_constraintdef(k.oid) as definition,
    array(
        select a.attname::text from unnest(k.conkey) as c (attnum)
        join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = c.attnum
    ) as columns
from pg_catalog.pg_constraint k
where k.contype = 'c' and k.conrelid = any(%(tables)s)
order by k.conrelid, k.conname
