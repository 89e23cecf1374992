"""The forecast: what it says of a day is what the run of that day finds, also under another period."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from model import PARIS
from nights import Nights
from world import LONG_AGO, NOW, YOUNG, World

from flows.database import Row

BATCHES = pytest.mark.xdist_group("batches")
RANDOM_ID = "anonymized-00000000-0000-4000-8000-000000000000"


def fill_for_a_forecast(world: World) -> None:
    """Rows that fall due on many days: at the last moment of a day, at the first, at month ends; persons with events."""
    for environment in (1, 2):
        world.environment(environment)
    first_day = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(45):
        environment = 1 + number % 2
        at = first_day + timedelta(days=number, hours=22 + number % 3)
        identifier = f"net-{number}"
        user = world.user(environment, at - timedelta(days=40), network_id=identifier)
        if number % 4:
            message = world.message(user, at, environment_id=environment)
            if number % 3 == 0:
                world.attachment(message, f"key/{number}", environment_id=environment)
                world.put(f"key/{number}")
        world.event("custom_events", identifier, at + timedelta(days=number % 9 - 4), environment_id=environment)
        world.event("chatbot_conversations", f"nobody-{number}", at, environment_id=environment)
    gone = world.message(None, LONG_AGO, anonymized_on=NOW.date(), content="", url="", network_id=RANDOM_ID)
    world.attachment(gone, "late/key")
    world.put("late/key")


def forecast(world: World, *arguments: str) -> dict[tuple[str, str], dict[str, Any]]:
    told = world.command("forecast", "--json", *arguments)
    assert told.returncode == 0, told.stderr
    return {(row["environment_id"], row["day"]): row for row in json.loads(told.stdout)}


def found_due(lines: Iterable[Row]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for line in lines:
        found.setdefault(str(line["environment_id"]), Counter()).update(rows=line["due"], files=line["files_due"])
    return found


@BATCHES
def test_a_forecast_for_a_day_equals_what_the_run_of_that_day_finds(nights: Nights) -> None:
    fill_for_a_forecast(nights.world)
    nights.periods(environment_1=3, environment_2=1)
    told = forecast(nights.world, "--as-of", "2026-02-05T12:00")
    assert len(told) == 2 * 401
    for day in ((2026, 2, 5), (2026, 3, 29), (2026, 4, 30)):
        as_of = datetime(*day, 2, tzinfo=PARIS)
        verdicts = [line for environment in (1, 2) for line in nights.verdicts(as_of, environment)]
        for environment, found in found_due(verdicts).items():
            row = told[environment, f"{as_of:%Y-%m-%d}"]
            assert (row["rows_due_by_then"], row["files_due_by_then"]) == (found["rows"], found["files"]), row
    for offset in range(4):
        as_of = datetime(2026, 2, 27, 2, tzinfo=PARIS) + timedelta(days=offset)
        night = nights.at(as_of, approved=True)
        assert sum(line["anonymized"] for line in night.lines.values()) > 0
        if offset:
            for environment, found in found_due(night.lines.values()).items():
                row = told[environment, f"{as_of:%Y-%m-%d}"]
                assert (row["rows_due"], row["files_due"]) == (found["rows"], found["files"]), row


def test_a_forecast_for_another_period_says_what_would_be_due_tonight(world: World) -> None:
    user = world.user(created_at=YOUNG)
    for months in (2, 8, 14, 20, 26):
        world.message(user, NOW - timedelta(days=31 * months))
    world.run(dry_run=True)
    before = world.bytes_of_platform(), world.rows("select * from retention.due_totals")
    today = world.one("select (now() at time zone 'Europe/Paris')::date::text as day")["day"]
    due = {
        months: forecast(world, *(["--months", months] if months else []))["1", today]["rows_due"]
        for months in ("", "6")
    }
    assert due == {"": 1, "6": 4}
    table = world.command("forecast", "--months", "12").stdout
    assert "tonight" in table
    assert "3 rows, 0 files" in table
    assert (world.bytes_of_platform(), world.rows("select * from retention.due_totals")) == before
    for wrong in ("0", "x"):
        assert world.command("forecast", "--months", wrong).returncode == 2
    refused = world.dbt("run", "--select", "due_forecast", "--vars", "{hypothetical_months: 1.5}")
    assert refused.returncode != 0
    assert "whole months from 1 to 1200" in refused.stdout


def test_analysts_ask_with_a_hypothetical_period(world: World) -> None:
    world.message(None, NOW - timedelta(days=500))
    world.run(dry_run=True)
    built = world.dbt("run", "--select", "due_*", "--vars", "{hypothetical_months: 12}")
    assert built.returncode == 0, built.stdout
    view = f"retention_{world.environ['PGUSER']}.due_forecast"
    assert world.one(f"select sum(rows_due) as rows_due from {view}")["rows_due"] == 1
    (tonight,) = world.rows(f"select * from {view} order by day limit 1")
    assert tonight["rows_due"] == 1
