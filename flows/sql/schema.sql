select pg_advisory_xact_lock(1380275269, -1);

create schema if not exists {ledger};
