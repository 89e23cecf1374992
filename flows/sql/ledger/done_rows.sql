-- Which rows are done, for platforms whose own tables must not have a marker. A date, so that rows can't be linked by it.
create table if not exists {ledger}.done_rows (
    kind          text not null,
    row_key       text not null,
    anonymized_on date not null,
    primary key (kind, row_key)
);
