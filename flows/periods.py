"""Checks the configured periods before dbt reads them: dbt silently takes 1.5, 1e2, an empty value, a duplicate."""

import csv
import re
from pathlib import Path

from flows.errors import BadConfiguration

HEADER = ["environment_id", "retention_months"]
WHOLE_MONTHS = re.compile(r"1200|1[01][0-9]{2}|[1-9][0-9]{0,2}")


def check_periods(project_dir: Path) -> None:
    """Raises BadConfiguration with the first line of seeds/retention_periods.csv that does not hold.

    Expected: the two columns and no other (P2), each environment once, whole months from 1 to 1200.
    """
    path = project_dir / "seeds" / "retention_periods.csv"
    try:
        rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines(), strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _refusal(path, "a CSV file in UTF-8 that can be read", type(error).__name__) from None
    header = rows[0] if rows else []
    if header != HEADER:
        raise _refusal(
            path,
            f"the columns {', '.join(HEADER)} and no other: a period belongs to an environment, to nothing finer",
            repr(",".join(header)) if header else "an empty file",
        )
    seen: set[str] = set()
    for number, row in enumerate(rows[1:], start=2):
        _check_row(path, number, row, seen)


def _check_row(path: Path, number: int, row: list[str], seen: set[str]) -> None:
    where = f"{path.name}, line {number}"
    if len(row) != len(HEADER):
        raise _refusal(where, f"{len(HEADER)} values", f"{len(row)}")
    environment, months = row
    # dbt loads an empty line, an empty value and the word null as null.
    if environment.lower() in ("", "null") or environment != environment.strip():
        raise _refusal(where, "an environment's key without spaces around it", repr(environment))
    if environment in seen:
        raise _refusal(where, "each environment once", f"environment {environment} again")
    if not WHOLE_MONTHS.fullmatch(months):
        raise _refusal(where, "whole months from 1 to 1200", repr(months))
    seen.add(environment)


def _refusal(where: Path | str, expected: str, found: str) -> BadConfiguration:
    return BadConfiguration(
        f"Reading the retention periods in {where}: expected {expected}, found {found}. "
        "Mend seeds/retention_periods.csv; nothing was changed."
    )
