-- Until the transaction ends: two runs that start at once on a new database would make the same schema or table, and
-- replace the same function.
select pg_advisory_xact_lock(1380275269, -1);
