create schema {ledger};
