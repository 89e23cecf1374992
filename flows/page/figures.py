"""What a report is made of, read from the ledger alone, so that it can be written again at any time. Counts only."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from flows.database import Database, Row
from flows.errors import BadConfiguration

NIGHTS_BEFORE = 90

# What is summed over the kinds of row of an environment, and over environments.
COUNTS = ("due", "anonymized", "files_due", "files_purged", "files_spared", "left", "files_left")


@dataclass(frozen=True, slots=True)
class Figures:
    """One run. `nights`: one row a day, the last of them the run's own, with None where no run was. `ahead`: one row a
    coming night; empty where the run did not tell.
    """

    run: Row
    lines: list[Row]
    environments: list[Row]
    nights: list[Row]
    ahead: list[Row]
    data_map: dict[str, Any]
    rules: dict[str, Any]

    def total(self, name: str) -> int:
        """A count over all environments."""
        return sum(line[name] or 0 for line in self.lines)

    @property
    def bytes_freed(self) -> int | None:
        """What the purged files took; None where no row states a size."""
        return _sum(line["bytes_freed"] for line in self.lines)

    @property
    def offences(self) -> int:
        """What the verification listed that counts against the run."""
        checks: dict[str, Any] = self.run["checks"] or {}
        return sum(check["offences"] for check in checks.values() if check["status"] == "fail")


def read_figures(database: Database, run_id: int | None) -> Figures:
    """Reads a run, the newest one for None, and the nights before it; BadConfiguration where there is none."""
    runs = database.rows("page_run", run_id=run_id)
    if not runs:
        raise BadConfiguration(
            f"Reading the ledger: expected a finished run{_numbered(run_id)}, found none. "
            f"{'Leave the number out for the newest; ' if run_id is not None else ''}`retention runs` lists them."
        )
    (run,) = runs
    lines = [line | {"left": _left(line)} for line in database.rows("page_lines", run_id=run["run_id"])]
    return Figures(
        run=run,
        lines=lines,
        environments=[_environment([*group]) for _, group in groupby(lines, itemgetter("environment_id"))],
        nights=database.rows("page_nights", run_id=run["run_id"], nights=NIGHTS_BEFORE),
        ahead=[night | {"day": run["paris_date"] + timedelta(days=night["night"])} for night in run["forecast"] or []],
        data_map=_document(run["data_map"]),
        rules=_document(run["rules"]),
    )


def _numbered(run_id: int | None) -> str:
    return f" with the number {run_id}" if run_id is not None else ""


def _left(line: Row) -> int | None:
    """Rows that are still due: held back, or left over; None where nobody could count them."""
    if line["state"] == "held back":
        return int(line["due"])
    return None if line["state"] == "open" and line["left_over"] is None else line["left_over"] or 0


def _environment(lines: list[Row]) -> Row:
    row: Row = {name: sum(line[name] or 0 for line in lines) for name in COUNTS}
    row["bytes_freed"] = _sum(line["bytes_freed"] for line in lines)
    row["is_left_known"] = all(line["left"] is not None for line in lines)
    for name in ("environment_id", "retention_months", "cutoff"):
        row[name] = next((line[name] for line in lines if line[name] is not None), None)
    held = [line["held"] for line in lines if line["held"] and line["due"]]
    failed = [line["failure"] for line in lines if line["failure"]]
    waiting = any(line["left"] != 0 and line["state"] == "open" and not line["failure"] for line in lines)
    files = [line["files_failure"] or "queued" for line in lines if line["files_left"]]
    row["reasons"] = [*dict.fromkeys([*held, *failed, *(["left"] if waiting else []), *files])]
    return row


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _document(text: str | None) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(text) if text else {}
    return content
