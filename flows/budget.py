"""How long a run may take new batches, and what that means for what is left."""

import math
import re
from collections.abc import Iterable
from datetime import timedelta

from flows.database import Row
from flows.errors import BadConfiguration

_BUDGET = re.compile(r"(?:([0-9]{1,3})h)?(?:([0-9]{1,5})m)?(?:([0-9]{1,6})s)?")


def read_budget(text: str | None) -> timedelta | None:
    """A budget such as 2h, 90m or 1h30m; None is none. BadConfiguration for anything else, and for no time at all."""
    if text is None:
        return None
    found = _BUDGET.fullmatch(text)
    hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    budget = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if not budget:
        raise BadConfiguration(
            f"Reading --budget: expected a time such as 2h, 90m or 1h30m, found {text!r}. "
            "Give it in hours, minutes and seconds; nothing was changed."
        )
    return budget


def nights_left(lines: Iterable[Row], budget: timedelta, worked: timedelta) -> str | None:
    """What is left after a budget was used up, and how many more nights that takes at the run's own speed, or None."""
    rows = list(lines)
    left = sum(row["left_over"] or 0 for row in rows if row["state"] == "open")
    done = sum(row["anonymized"] for row in rows)
    if not left:
        return None
    if not done or worked <= timedelta(0):
        return f"The budget was used up before a single row was done: {left:,} rows are left. Give it more time."
    speed = done / worked.total_seconds()
    nights = math.ceil(left / (speed * budget.total_seconds()))
    return (
        f"The budget was used up: {left:,} rows are left, {nights:,} more {'night' if nights == 1 else 'nights'}"
        f" like this one at {speed:,.0f} rows a second."
    )
