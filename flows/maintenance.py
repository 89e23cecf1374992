"""Removes what PostgreSQL keeps of the rows that runs changed: samples of values, old row versions, their bytes.

It reads and writes no value; its statements name tables and nothing else. It never takes the server's word for it: what
is not allowed only warns, and while an old transaction is open VACUUM succeeds and removes nothing. What is undone is
named, and made up by the next run: the ledger keeps the level that a run reached for all that was changed until then.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from flows.database import Database, Row
from flows.errors import BadConfiguration

# Each takes away what those before it do, and more.
LEVELS = ("statistics", "vacuumed", "rewritten")

# Seconds to wait for transactions that are older than the work; of those that hold catalogs back, a consumer of logical
# replication confirms late.
PATIENCE = 3.0
PATIENCE_FOR_CATALOGS = 60.0
# What VACUUM and ANALYZE did shows at once, on PostgreSQL 14 up to a second later.
PATIENCE_FOR_COUNTERS = 3.0
PAUSE = 0.2

# VACUUM and ANALYZE stand in no writer's way, and wait until a worker of the server's own has given way to them.
# Whoever comes after a rewriting that waits for its lock waits too: so it waits briefly, and asks again.
LOCK_TIMEOUT = "5s"
LOCK_TIMEOUT_TO_REWRITE = "100ms"
ATTEMPTS_TO_REWRITE = 20
LOCK_NOT_AVAILABLE = "55P03"

Table = tuple[str, str]
SAMPLES: tuple[Table, ...] = (("pg_catalog", "pg_statistic"), ("pg_catalog", "pg_statistic_ext_data"))


def check_level(asked: str | None) -> None:
    """BadConfiguration for a word that is no level; None leaves the choice to the var `residue`."""
    if asked is not None and asked not in LEVELS:
        raise BadConfiguration(
            f"Reading --residue: expected {', '.join(LEVELS[:-1])} or {LEVELS[-1]}, found {asked!r}. "
            "Give one of them, or none for what dbt_project.yml says; nothing was changed."
        )


def maintain(database: Database, run_id: int, asked: str | None = None) -> list[str]:
    """Brings the tables that runs changed to the level asked for, else configured; the ledger keeps the level reached.

    Returns what is left for the next run, in sentences. No transaction that anonymizes or purges is open meanwhile: the
    run's own are over, and it did not start before those of a run that died were.
    """
    level = LEVELS.index(asked or database.row("configured_residue")["residue"])
    tables = [_table(row) for row in database.rows("changed_tables", levels=list(LEVELS[level:]))]
    work = Maintenance(database, tables, database.row("begin_maintenance"))
    steps = (work.renew_samples, work.remove_old_versions, work.rewrite)[: level + 1]
    reached = None if tables else LEVELS[level]
    if tables:
        for name, step in zip(LEVELS, steps, strict=False):
            step()
            reached = reached if work.left else name
        database.execute("reset_waits")
    if reached:
        database.execute("note_residue", run_id=run_id, residue=reached)
    return work.left


@dataclass(slots=True)
class Maintenance:
    """The tables that are still worked on, how it began, and what is left, in sentences."""

    database: Database
    tables: Sequence[Table]
    start: Row
    left: list[str] = field(default_factory=list)

    def renew_samples(self) -> None:
        """Has the planner's samples taken again: they hold values of rows that are empty now."""
        self._work("analyze_table", "is_analyzed")

    def remove_old_versions(self) -> None:
        """Removes what rows were before they were emptied, and the index entries that led there."""
        holders = self._wait_out(PATIENCE)
        self._work("vacuum_table", "is_vacuumed")
        # Without a holder, what remains is younger than this run: the platform works on.
        remaining = [row for row in self._remains(self.tables) if row["dead"]] if holders else []
        if remaining:
            held = [_table(row) for row in remaining]
            self.tables = [table for table in self.tables if table not in held]
            self.left.append(
                f"{sum(row['dead'] for row in remaining):,} old row versions of {_names(held)} can't be removed while "
                f"these are open: {_described(holders)}. Once they are ended, the next run removes them."
            )

    def rewrite(self) -> None:
        """Writes the tables anew, and the catalogs with the planner's samples, without a byte of what was removed."""
        self._rewrite([table for table in self.tables if table[1] != "run_lines"])
        holders = self._wait_out(PATIENCE_FOR_CATALOGS, with_catalogs=True)
        if holders:
            self.left.append(f"{_names(SAMPLES)} are not rewritten while these are open: {_described(holders)}.")
        else:
            self._rewrite(SAMPLES)
        # For who may: the server makes one anyway, and until then changes are in its memory.
        self.database.attempt("checkpoint")

    def _work(self, statement: str, is_done: str) -> None:
        self.database.rows("limit_waits", lock_timeout=LOCK_TIMEOUT)
        failures = {table: self.database.attempt(statement, *table) for table in self.tables}
        began = time.monotonic()
        while not_done := [_table(row) for row in self._remains(self.tables) if not row[is_done]]:
            if time.monotonic() - began > PATIENCE_FOR_COUNTERS or all(failures[table] for table in not_done):
                break
            time.sleep(PAUSE)
        self._leave(not_done, failures)

    def _rewrite(self, tables: Sequence[Table]) -> None:
        self.database.rows("limit_waits", lock_timeout=LOCK_TIMEOUT_TO_REWRITE)
        files = {_table(row): row["files"] for row in self._remains(tables)}
        failures = {table: self._attempt_to_rewrite(table) for table in tables}
        kept = [_table(row) for row in self._remains(tables) if set(row["files"]) & set(files[_table(row)])]
        self._leave(kept, failures)

    def _attempt_to_rewrite(self, table: Table) -> str | None:
        for _ in range(ATTEMPTS_TO_REWRITE):
            failure = self.database.attempt("rewrite_table", *table)
            if failure != LOCK_NOT_AVAILABLE:
                break
            time.sleep(PAUSE)
        return failure

    def _leave(self, tables: Sequence[Table], failures: dict[Table, str | None]) -> None:
        """Goes on without these tables; says why, in one sentence a reason."""
        self.tables = [table for table in self.tables if table not in tables]
        for failure, group in groupby(sorted(tables, key=lambda table: failures[table] or ""), failures.get):
            self.left.append(self._reason(failure, list(group)))

    def _reason(self, failure: str | None, tables: list[Table]) -> str:
        names, role = _names(tables), self.start["role"]
        left = f"old values stay in {names}"
        if failure == LOCK_NOT_AVAILABLE:
            return f"{left}: other sessions held the lock; the next run tries again."
        if failure:
            return f"{left}: maintenance failed with SQLSTATE {failure}."
        if self.start["can_be_granted"]:
            return f"{left}: {role} may not maintain them. Let it: grant maintain on {names} to {role}."
        return (
            f"{left}: {role} may not maintain them. Before PostgreSQL 17 only their owner or the database's may: "
            f"make {role} a member of that role."
        )

    def _wait_out(self, patience: float, *, with_catalogs: bool = False) -> list[Row]:
        began = time.monotonic()
        while holders := self.database.rows("holders", newest=self.start["newest"], with_catalogs=with_catalogs):
            if time.monotonic() - began > patience:
                break
            time.sleep(PAUSE)
        return holders

    def _remains(self, tables: Sequence[Table]) -> list[Row]:
        schemas, names = [table[0] for table in tables], [table[1] for table in tables]
        return self.database.rows("remains", schemas=schemas, names=names, began=self.start["began"])


def _table(row: Row) -> Table:
    return row["table_schema"], row["table_name"]


def _names(tables: Iterable[Table]) -> str:
    return ", ".join(".".join(table) for table in tables)


def _described(holders: list[Row]) -> str:
    """What holds back, by kind and number or name; its text is nobody's business."""
    return ", ".join(
        f"{holder['holder']} {holder['name']}" + (f" ({holder['minutes']:,} minutes)" if holder["minutes"] else "")
        for holder in holders
    )
