"""A run's life in the ledger: one at a time, opened before anything is looked at, closed whatever happens."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.metadata import version
from operator import itemgetter
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from flows.account import Account, stopped_by
from flows.chain import seal
from flows.database import Database, Row
from flows.errors import AnotherRun, BadConfiguration

# The oldest server that is tested: 14.
OLDEST_SERVER = 140000

# First key of the advisory locks; the macro lock_namespace and sql/alone.sql say the same.
LOCK_NAMESPACE = 1380275269

# What can be judged by: the longest period before it and the longest forecast after it are instants that can be read.
YEARS = range(1970, 9000)


@dataclass(frozen=True, slots=True)
class Clock:
    """The instant a run judges everything by, and its Paris day."""

    as_of: datetime
    paris_date: date


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What is asked of a run. `as_of` is ISO 8601, Paris time without a zone; None is now. No environments: all.

    `residue` is the level to which old row versions are removed; None is the configured one. `lanes` is how many
    batches work at once; None is what the server allows. `budget` is how long new batches are taken; None is without
    end.
    """

    as_of: str | None = None
    environments: Sequence[str] | None = None
    dry_run: bool = False
    is_approved: bool = False
    is_scheduled: bool = False
    residue: str | None = None
    lanes: int | None = None
    budget: timedelta | None = None


def prepare_ledger(database: Database, ledger_schema: str) -> None:
    """Makes schema, ledger and queue where they are missing; BadConfiguration when the database can't be written."""
    server = database.row("state_of_server", ledger_name=ledger_schema)
    if server["is_read_only"]:
        raise BadConfiguration(
            "Opening the ledger: expected a database that can be written, found one that is read-only. "
            "Point PGHOST at the primary server; nothing was changed."
        )
    if server["version"] < OLDEST_SERVER:
        raise BadConfiguration(
            f"Opening the ledger: expected PostgreSQL 14 or later, found {server['version'] // 10000}. "
            "Upgrade the server; nothing was changed."
        )
    try:
        if not server["has_schema"]:
            database.run_script("schema")
        database.run_script("ledger")
        database.run_script("functions")
    except psycopg.errors.InsufficientPrivilege as error:
        remedy = (
            "Set PGUSER to the role that nights run as; nothing was changed."
            if server["has_schema"]
            else "Have the database's owner create the schema for this role."
        )
        raise BadConfiguration(
            f"Opening the ledger in the schema {ledger_schema}: expected a role that owns it or may create it, "
            f"found: {error.diag.message_primary}. {remedy}"
        ) from None
    except (psycopg.errors.WrongObjectType, psycopg.errors.UndefinedColumn) as error:
        raise BadConfiguration(
            f"Opening the ledger in the schema {ledger_schema}: expected the product's own tables or none, found: "
            f"{error.diag.message_primary}. Set RETENTION_SCHEMA to a schema of its own; nothing was changed."
        ) from None


@contextmanager
def only_run(database: Database) -> Iterator[None]:
    """Holds the lock of all runs; AnotherRun when somebody has it."""
    try:
        with database.transaction():
            database.execute("wait_for_dead_session")
            database.rows("lock_runs", namespace=LOCK_NAMESPACE)
    except psycopg.errors.LockNotAvailable:
        holder = database.row("holder_of_runs", namespace=LOCK_NAMESPACE)["holder"]
        raise AnotherRun(
            f"Starting a run: expected no other on this database, found one in progress{holder}. Nothing was changed; "
            "wait for it to end, or end that session if it is no run."
        ) from None
    try:
        _close_interrupted_runs(database)
        yield
    finally:
        database.rows("unlock")


def _close_interrupted_runs(database: Database) -> None:
    """Closes and seals what dead flows left open, once the server has ended their last batch."""
    try:
        with database.transaction():
            database.execute("wait_for_last_batch")
            for run in sorted(database.rows("close_interrupted_runs"), key=itemgetter("run_id")):
                seal(database, run["run_id"])
    except psycopg.errors.LockNotAvailable:
        raise AnotherRun(
            "Starting a run: expected the last batch of a run that died to end within a minute, found it at work. "
            "Nothing was changed; end its session in pg_stat_activity, or wait for it."
        ) from None


def fix_as_of(database: Database, request: RunRequest) -> Clock:
    """The run's instant, by the database's clock; BadConfiguration for one in the future that is to act."""
    try:
        if request.as_of is not None:
            _check_year(datetime.fromisoformat(request.as_of))
        row = database.row("fix_as_of", as_of=request.as_of)
    except (ValueError, psycopg.DataError):
        raise BadConfiguration(
            f"Reading --as-of: expected an instant such as 2026-11-23T02:00, found {request.as_of!r}. "
            "Without a zone it is Paris time; nothing was changed."
        ) from None
    if row["is_future"] and not request.dry_run:
        raise BadConfiguration(
            f"Reading --as-of: expected an instant that has come, found {request.as_of}, which lies in the future. "
            "Look at a future instant with --dry-run; nothing was changed."
        )
    return Clock(row["as_of"], row["paris_date"])


def _check_year(instant: datetime) -> None:
    if instant.year not in YEARS:
        raise ValueError(instant.year)


def is_complete(database: Database, clock: Clock) -> bool:
    """Whether a scheduled run of this Paris day is recorded as complete (W1)."""
    return bool(database.row("completed_by_schedule", paris_date=clock.paris_date)["is_complete"])


@contextmanager
def open_run(database: Database, request: RunRequest, clock: Clock) -> Iterator[int]:
    """Opens a run and holds its lock; closes it as failed when what is within raises, as interrupted when ended."""
    run_id: int = database.row(
        "start_run",
        as_of=clock.as_of,
        paris_date=clock.paris_date,
        is_scheduled=request.is_scheduled,
        dry_run=request.dry_run,
        is_approved=request.is_approved,
        environments=_listed(request.environments),
        product_version=version("retention"),
    )["run_id"]
    database.row("lock_run", namespace=LOCK_NAMESPACE, run_id=run_id)
    try:
        yield run_id
    except BaseException as error:
        finish_run(
            database, run_id, "failed" if isinstance(error, Exception) else "interrupted", None, stopped_by(error)
        )
        raise


def started_at(database: Database, run_id: int) -> datetime:
    """When the run began, by the database's clock."""
    began: datetime = database.row("run", run_id=run_id)["started_at"]
    return began


def open_lines(
    database: Database, run_id: int, request: RunRequest, unindexed: Iterable[str] = ("attachments",)
) -> tuple[list[Row], list[Row]]:
    """Writes down what is due, by environment and kind: the work that batches act on.

    Refuses seeds that name environments which the platform does not have.

    `unindexed` are the kinds to whose due rows no index leads: batches look for them only where this look saw some.
    Returns the lines, and the kinds of row of which so much is due that a person may want to look.
    """
    unknown = database.rows("unknown_configured")
    if unknown:
        names = ", ".join(row["environment_id"] for row in unknown)
        raise BadConfiguration(
            f"Reading seeds/{unknown[0]['seed']}.csv: expected environments of the platform, found {names}. "
            "Take them out or correct them; nothing was changed."
        )
    large = database.rows(
        "open_lines",
        run_id=run_id,
        dry_run=request.dry_run,
        is_approved=request.is_approved,
        searched=["users", *unindexed],
        environments=_listed(request.environments),
    )
    return database.rows("lines", run_id=run_id), large


def finish_run(
    database: Database, run_id: int, outcome: str, offences: dict[str, Any] | None, account: Account | None = None
) -> None:
    """Closes the run with its outcome and seals it; from here on no batch acts for it."""
    account = account or Account()
    with database.transaction():
        is_closed = database.execute(
            "finish_run",
            run_id=run_id,
            outcome=outcome,
            offences=_json(offences),
            checks=_json(account.checks),
            said=_json(account.said),
            forecast=_json(account.forecast),
        )
        if is_closed:
            seal(database, run_id)


def _json(value: object) -> Jsonb | None:
    return Jsonb(value) if value is not None else None


def _listed(environments: Sequence[str] | None) -> list[str] | None:
    return list(environments) if environments is not None else None
