"""What the owner of the platform's tables adds, once and by choice: shown before it is done, each statement on its own.

Adding never keeps a writer waiting for longer than LOCK_TIMEOUT: a statement that can't have its lock lets go, so that
the writers behind it pass, and tries again. Whatever is interrupted, the next call goes on.
"""

import random
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import psycopg

from flows.database import Database
from flows.errors import BadConfiguration
from flows.project import DbtProject
from flows.settings import Settings

# In milliseconds; below the server's deadlock_timeout, which is a second.
LOCK_TIMEOUT = 100
# How long one statement is tried again, and the longest pause between, in seconds.
PATIENCE = 30.0
LONGEST_PAUSE = 2.0


class Part(StrEnum):
    """What can be prepared by itself; the macros of macros/prepare/ say the same words."""

    MARKERS = "markers"
    INDEXES = "indexes"
    CONSTRAINTS = "constraints"
    ROLES = "roles"


@dataclass(frozen=True, slots=True)
class Step:
    """One statement. `is_concurrent`: it waits beside writers, not before them, and is not tried again.

    `offence_count` is a query with `n`, the rows that keep the statement from succeeding; None where rows can't.
    """

    statement: str
    is_concurrent: bool = False
    offence_count: str | None = None

    @property
    def shown(self) -> str:
        """The statement as it is shown, to be executed by hand."""
        return f"{self.statement.strip().rstrip(';')};"


def read_parts(given: Collection[str] | None, has_author_guard: bool) -> list[Part]:
    """The parts asked for; all of them where nothing is; BadConfiguration for an unknown word."""
    unknown = [word for word in given or () if word not in list(Part)]
    if unknown:
        raise BadConfiguration(
            f"Reading --part: expected {', '.join(Part)}, found {unknown[0]!r}. Nothing was changed; correct --part."
        )
    if not given and has_author_guard:
        return []
    return [part for part in Part if not given or part in given]


def missing_steps(database: Database, project: DbtProject, parts: Collection[Part]) -> Iterator[Step]:
    """The statements that this database lacks, in order; BadConfiguration where a declared table is not there."""
    rows = database.select(project.preparation(), "place, part, statement, is_concurrent, offence_count")
    unknown = [row["statement"] for row in rows if row["part"] == "missing tables"]
    if unknown:
        raise BadConfiguration(
            f"Preparing the platform: expected the tables of the data map, found no {', '.join(unknown)}. "
            "Mend PLATFORM_SCHEMA or the data map in the sources' YAML; nothing was changed."
        )
    for row in sorted(rows, key=lambda row: int(row["place"])):
        if row["part"] in parts:
            yield Step(row["statement"], row["is_concurrent"], row["offence_count"])


def author_guard(database: Database, settings: Settings) -> Step:
    """The trigger that refuses messages of anonymized users (U4)."""
    return Step(database.text_of("author_guard", platform=settings.platform_schema))


def apply(database: Database, steps: Iterable[Step]) -> None:
    """Executes the steps one after the other; BadConfiguration says what is in the way, and what is done stays."""
    for step in steps:
        try:
            _execute(database, step)
        except psycopg.errors.CheckViolation:
            raise _offended(database, step) from None
        except psycopg.errors.LockNotAvailable:
            raise BadConfiguration(
                f"Preparing the platform: expected a lock for a tenth of a second, found the table held for "
                f"{PATIENCE:.0f} seconds, at: {step.statement}. End or await the long transactions that "
                "pg_stat_activity shows and call again; what was done before stays, and writers were not kept waiting."
            ) from None
        except psycopg.Error as error:
            # Of a statement that changes no row, the primary message names tables and roles, and quotes no value.
            raise BadConfiguration(
                "Preparing the platform: expected a role that owns the tables and, for the roles, may create them, "
                f"found: {error.diag.message_primary}, at: {step.statement}. Call it as their owner, or hand the shown "
                "statements to somebody who is; what was done before stays, and a second call goes on."
            ) from None


def _execute(database: Database, step: Step) -> None:
    if step.is_concurrent:
        database.execute_alone(step.statement, lock_timeout=0)
        return
    deadline = time.monotonic() + PATIENCE
    pause = LOCK_TIMEOUT / 1000
    while True:
        try:
            database.execute_alone(step.statement, lock_timeout=LOCK_TIMEOUT)
        except psycopg.errors.LockNotAvailable:
            if time.monotonic() > deadline:
                raise
            time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - out of step with writers, not a secret
            pause = min(pause * 2, LONGEST_PAUSE)
        else:
            return


def _offended(database: Database, step: Step) -> BadConfiguration:
    count = database.select(step.offence_count, "n")[0]["n"] if step.offence_count else "some"
    return BadConfiguration(
        "Preparing the platform: expected every row that is marked as anonymized to hold no personal value, "
        f"found {count} that do, at: {step.statement}. The model values_left_behind lists their keys: empty them as "
        "the data map says and call again. The constraint holds already for whatever is inserted or updated."
    )
