create schema if not exists {ledger};
