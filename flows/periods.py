"""Checks the seeds before dbt reads them: it silently takes a period of 1.5 or 1e2, an empty value, a duplicate."""

import csv
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from flows.errors import BadConfiguration

PERIODS = ["environment_id", "retention_months"]
FEEDS = ["environment_id"]
WHOLE_MONTHS = re.compile(r"1200|1[01][0-9]{2}|[1-9][0-9]{0,2}")


def named_environments(project_dir: Path) -> list[dict[str, str]]:
    """The environments of the seeds, each with `seed` and `environment_id`; read once check_periods let them pass."""
    found = []
    for seed in ("retention_periods", "feed_environments"):
        text = (project_dir / "seeds" / f"{seed}.csv").read_text(encoding="utf-8-sig")
        found += [{"seed": seed, "environment_id": row[0]} for row in list(csv.reader(text.splitlines()))[1:]]
    return found


def unknown_environments(unknown: Iterable[Mapping[str, str]]) -> list[str]:
    """A sentence for each seed that names environments which the platform does not have; `unknown`: those named.

    A run refuses them: behind a slip of the pen stands another environment, with a period that is not its own.
    """
    by_seed: dict[str, list[str]] = {}
    for row in unknown:
        by_seed.setdefault(row["seed"], []).append(row["environment_id"])
    return [
        f"seeds/{seed}.csv names {', '.join(environments)}, which the platform does not have as an environment, so "
        "that no run begins: correct it, or take it out once that company is gone."
        for seed, environments in by_seed.items()
    ]


def check_periods(project_dir: Path) -> None:
    """Raises BadConfiguration with the first line of the seeds that does not hold.

    Expected: retention_periods.csv with two columns and no other (P2), whole months from 1 to 1200;
    feed_environments.csv with one; in both each environment once.
    """
    folder = project_dir / "seeds"
    _check(folder / "retention_periods.csv", PERIODS, "a period belongs to an environment, to nothing finer")
    _check(folder / "feed_environments.csv", FEEDS, "a feed is asked for by environment")


def _check(path: Path, header: list[str], why: str) -> None:
    try:
        rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines(), strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _refusal(path, path, "a CSV file in UTF-8 that can be read", type(error).__name__) from None
    if (rows[0] if rows else []) != header:
        found = repr(",".join(rows[0])) if rows else "an empty file"
        raise _refusal(path, path, f"the columns {', '.join(header)} and no other: {why}", found)
    seen: set[str] = set()
    for number, row in enumerate(rows[1:], start=2):
        _check_row(path, number, row, header, seen)


def _check_row(path: Path, number: int, row: list[str], header: list[str], seen: set[str]) -> None:
    where = f"{path.name}, line {number}"
    if len(row) != len(header):
        raise _refusal(path, where, f"{len(header)} values", f"{len(row)}")
    environment = row[0]
    # dbt loads an empty line, an empty value and the word null as null.
    if environment.lower() in ("", "null") or environment != environment.strip():
        raise _refusal(path, where, "an environment's key without spaces around it", repr(environment))
    if environment in seen:
        raise _refusal(path, where, "each environment once", f"environment {environment} again")
    if header == PERIODS and not WHOLE_MONTHS.fullmatch(row[1]):
        raise _refusal(path, where, "whole months from 1 to 1200", repr(row[1]))
    seen.add(environment)


def _refusal(path: Path, where: Path | str, expected: str, found: str) -> BadConfiguration:
    what = "the retention periods" if path.name == "retention_periods.csv" else "the environments with a feed"
    return BadConfiguration(
        f"Reading {what} in {where}: expected {expected}, found {found}. Mend seeds/{path.name}; nothing was changed."
    )
