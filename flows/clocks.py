"""Clocks that disagree stop a run: every cutoff comes from one of them, and what was anonymized too early is gone."""

from datetime import UTC, datetime, timedelta

from flows.database import Database
from flows.errors import BadConfiguration

LARGEST_DIFFERENCE = timedelta(minutes=5)


def check_database_clock(database: Database, flow_now: datetime | None = None) -> None:
    """BadConfiguration when the database's clock is not this machine's, or lies before the last run of the ledger."""
    found = database.row("clocks")
    _compare("the database", found["database_now"], "this machine", flow_now or datetime.now(UTC))
    last = found["last_run_at"]
    if last is not None and found["database_now"] < last:
        raise BadConfiguration(
            f"Comparing clocks: expected the database's clock after the last run, at {_shown(last)}, found "
            f"{_shown(found['database_now'])}. Set the clock of the database's machine; nothing was changed."
        )


def check_store_clock(database: Database, store_now: datetime | None) -> None:
    """BadConfiguration when the file store's clock is not the database's. One that could not be asked is not judged."""
    if store_now is not None:
        _compare("the file store", store_now, "the database", database.row("clocks")["database_now"])


def _compare(name: str, now: datetime, other: str, other_now: datetime) -> None:
    if abs(now - other_now) > LARGEST_DIFFERENCE:
        raise BadConfiguration(
            f"Comparing clocks: expected {name} and {other} to agree within "
            f"{LARGEST_DIFFERENCE.seconds // 60} minutes, found {_shown(now)} and {_shown(other_now)}. "
            "Set both by a time server; nothing was changed."
        )


def _shown(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
