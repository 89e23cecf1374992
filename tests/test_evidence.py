"""The ledger, status, forecast and the feed: what a person, a monitor or an auditor is told, and whether it is true."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from batches import Batches
from model import PARIS
from nights import Nights
from world import LONG_AGO, NOW, OLD, YOUNG, World

from flows.database import Row

BATCHES = pytest.mark.xdist_group("batches")
RANDOM_ID = "anonymized-00000000-0000-4000-8000-000000000000"


def night(world: World, days_ago: int, **arguments: Any) -> Any:
    return world.run(as_of=(NOW - timedelta(days=days_ago)).isoformat(), **arguments)


# The ledger


def test_the_ledger_says_who_judged_by_what_and_what_came_of_it(world: World) -> None:
    message = world.message(world.user(created_at=YOUNG), OLD)
    world.attachment(message, "a/key")
    world.put("a/key")
    assert world.run().outcome == "done"
    run = world.one("select * from retention.runs")
    assert run["product_version"]
    assert len(run["data_map_version"]) == len(run["hash"]) == 64
    assert run["previous_hash"] == "0" * 64
    line = world.one("select * from retention.run_lines where kind = 'messages'")
    expected = {"retention_months": 24, "due": 1, "anonymized": 1, "files_queued": 1, "files_purged": 1}
    assert {name: line[name] for name in expected} == expected
    assert line["seconds"] > 0
    everything = " ".join(
        str(row) for table in ("runs", "run_lines") for row in world.rows(f"select * from retention.{table}")
    )
    assert "a/key" not in everything


def test_the_data_map_version_changes_with_the_data_map(world: World) -> None:
    first = world.run(dry_run=True).run["run_id"]
    path = world.project_dir / "models" / "platform" / "_platform__sources.yml"
    path.write_text(
        path.read_text().replace(
            "config: {meta: {replacement: empty}}", "config: {meta: {replacement: empty, note: 1}}", 1
        )
    )
    second = world.run(dry_run=True).run["run_id"]
    versions = {row["run_id"]: row["data_map_version"] for row in world.rows("select * from retention.runs")}
    assert versions[first] != versions[second]


EDITS = {
    "a count": "update retention.run_lines set anonymized = anonymized + 1 where run_id = 2 and kind = 'messages'",
    "a period": "update retention.run_lines set retention_months = 36 where run_id = 2 and kind = 'users'",
    "an outcome": "update retention.runs set outcome = 'failed' where run_id = 2",
    "a hash": "update retention.runs set hash = md5('') || md5('') where run_id = 2",
    "a line that is gone": "delete from retention.run_lines where run_id = 2 and kind = 'messages'",
    "a line too many": "insert into retention.run_lines (run_id, environment_id, kind, state) values (2, '7', 'users', 'open')",
    "a microsecond": "update retention.runs set started_at = started_at + interval '1 microsecond' where run_id = 2",
    "a run reopened": "update retention.runs set outcome = null, finished_at = null where run_id = 2",
}  # fmt: skip


@pytest.fixture
def recorded(batches: Batches) -> Iterator[World]:
    """A platform and a ledger with three runs."""
    batches.empty_ledger()
    for _ in range(3):
        batches.whole_night()
    yield batches.world
    batches.empty_ledger()


@BATCHES
def test_any_edit_of_the_ledger_is_found_and_the_first_break_is_named(recorded: World) -> None:
    world = recorded
    held = world.command("ledger", "verify")
    assert held.returncode == 0, held.stderr
    newest = held.stdout.split()[-1]
    assert "3 runs" in held.stdout
    for what, edit in EDITS.items():
        with world.connection.transaction(force_rollback=True):
            assert world.connection.execute(edit).rowcount == 1  # type: ignore[call-overload]
            broken = _verify(world)
            assert broken is not None, what
            assert "run 2" in broken, (what, broken)
    for gone in ("run_id = 1", "run_id = 3"):
        with world.connection.transaction(force_rollback=True):
            world.connection.execute(f"delete from retention.run_lines where {gone}")  # type: ignore[call-overload]
            world.connection.execute(f"delete from retention.runs where {gone}")  # type: ignore[call-overload]
            assert _verify(world) is not None, gone
    with world.connection.transaction(force_rollback=True):
        world.connection.execute("update retention.runs set outcome = null, finished_at = null where run_id = 3")
        assert "run 3 was finished and is open again" in str(_verify(world)), "the newest, which no later run betrays"
    assert world.command("ledger", "verify", "--expect", newest).returncode == 0
    world.connection.execute("update retention.runs set hash = previous_hash where run_id = 3")
    edited = world.command("ledger", "verify")
    assert edited.returncode == 7
    assert "run 3" in edited.stderr
    assert world.command("ledger", "verify", "--expect", newest).returncode == 7


def _verify(world: World) -> str | None:
    from flows.chain import verify
    from flows.database import Database

    return verify(Database(world.connection, "retention")).break_found


@BATCHES
def test_a_run_that_died_is_sealed_by_the_next(batches: Batches, recorded: World) -> None:
    world = recorded
    world.connection.execute(
        "insert into retention.runs (as_of, paris_date, is_scheduled, dry_run, is_approved, product_version)"
        " values (now(), current_date, false, false, false, '0')"
    )
    assert _verify(world) is None, "what still works is not sealed yet"
    batches.whole_night()
    assert world.one("select outcome from retention.runs where run_id = 4")["outcome"] == "interrupted"
    assert _verify(world) is None
    with world.connection.transaction(force_rollback=True):
        world.connection.execute("update retention.runs set outcome = 'done' where run_id = 4")
        assert "run 4" in str(_verify(world))


# Status


def test_w1_status_is_healthy_only_after_a_night_and_says_what_is_due(world: World) -> None:
    user = world.user(created_at=YOUNG)
    world.message(user, YOUNG)
    before = world.command("status")
    assert before.returncode == 2
    assert "retention run --dry-run" in before.stderr
    world.run(dry_run=True)
    assert "no run over all environments" in world.command("status").stdout
    world.run()
    after = world.command("status")
    assert after.returncode == 0, after.stdout
    assert "Healthy" in after.stdout
    attachment = world.attachment(world.message(user, OLD), "some/key")
    assert attachment
    red = world.command("status", "--json")
    assert red.returncode == 7
    told = json.loads(red.stdout)
    (environment,) = told["environments"]
    assert not told["is_healthy"]
    assert (environment["rows_due"], environment["files_due"], environment["rows_overdue"]) == (1, 1, 1)
    assert environment["last_outcome"] == "done"
    assert abs(environment["oldest_due_days"] - 3 * 365) < 2
    assert "some/key" not in red.stdout


def test_status_counts_from_when_a_row_fell_due_and_not_from_its_age(world: World) -> None:
    world.run()
    cutoff = world.one("select cutoff from retention.environment_status")["cutoff"]
    world.message(None, cutoff - timedelta(seconds=1))
    assert _status(world).alarms == [], "it fell due this midnight"
    world.message(None, cutoff - timedelta(days=3))  # 26 hours ago it may have been the day before yesterday
    (alarm,) = _status(world).alarms
    assert alarm == "environment 1: 1 rows were due more than 26 hours ago."
    _names_a_missing_index_and_how_it_is_built(world)


def _names_a_missing_index_and_how_it_is_built(world: World) -> None:
    assert _status(world).hints == []
    world.connection.execute("drop index platform.messages_living_idx")
    (hint,) = _status(world).hints
    statement = hint.removeprefix("an index is missing, and nights read the whole table: ").partition(";")[0]
    assert statement.startswith("create index concurrently if not exists retention_messages_")
    world.connection.execute(statement)
    assert _status(world).hints == []


def test_w1_a_run_that_silently_does_nothing_does_not_look_healthy(world: World) -> None:
    world.message(None, OLD)
    world.run(dry_run=True)
    world.connection.execute(
        "update retention.runs set dry_run = false, outcome = 'done'"
    )  # a run that undertook nothing and calls itself done
    assert any("were due more than 26 hours ago" in alarm for alarm in _status(world).alarms)


ALARMS = [
    ("update retention.runs set finished_at = now() - interval '27 hours'", "for 26 hours"),
    ("update retention.runs set outcome = 'failed'", "no run over all environments has finished yet"),
    ("update retention.runs set outcome = 'interrupted'", "ended as interrupted"),
    ("update retention.runs set environments = array['1']", "no run over all environments has finished yet"),
    (
        "insert into retention.file_queue (run_id, environment_id, kind, bucket, object_key, queued_at) values (1, '1', 'messages', 'b', 'k', now() - interval '27 hours')",
        "1 files are stuck: not tried for more than 26 hours",
    ),
    ("insert into retention.retention_periods values ('1', 'soon')", "misconfigured"),
]


def test_w1_status_alarms(world: World) -> None:
    world.run()
    for change, alarm in ALARMS:
        assert _status(world).alarms == []
        with world.connection.transaction(force_rollback=True):
            world.connection.execute(change)  # type: ignore[call-overload]
            assert any(alarm in said for said in _status(world).alarms), alarm


def _status(world: World) -> Any:
    from flows.database import Database
    from flows.status import read_status

    return read_status(Database(world.connection, "retention"))


# Forecast


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


# What a client may follow


def test_b1_the_feed_lists_internal_ids_of_environments_that_asked_for_90_days(world: World) -> None:
    world.environment(2)
    asked, other = world.user(1), world.user(2)
    (world.project_dir / "seeds" / "feed_environments.csv").write_text("environment_id\n1\n")
    summary = world.run()
    assert summary.outcome == "done"
    (row,) = world.rows("select * from retention.anonymized_users_feed")
    assert row == {"environment_id": 1, "user_id": asked, "anonymized_on": world.get("users", other)["anonymized_on"]}
    today = world.one("select (now() at time zone 'Europe/Paris')::date as day")["day"]
    for days, listed in ((89, 1), (90, 0)):
        world.connection.execute("update platform.users set anonymized_on = %s", (today - timedelta(days=days),))
        assert len(world.rows("select * from retention.anonymized_users_feed")) == listed


@pytest.mark.parametrize(
    "seed", ["environment\n1\n", "environment_id\n1\n1\n", "environment_id\n 1\n", "", "environment_id\nnull\n"]
)
def test_b1_a_feed_that_cannot_be_read_is_refused(tmp_path: Path, seed: str) -> None:
    from flows.errors import BadConfiguration
    from flows.periods import check_periods

    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "retention_periods.csv").write_text("environment_id,retention_months\n")
    with pytest.raises(BadConfiguration, match=r"feed_environments\.csv.*FileNotFoundError"):
        check_periods(tmp_path)
    (tmp_path / "seeds" / "feed_environments.csv").write_text(seed)
    with pytest.raises(BadConfiguration, match=r"feed_environments\.csv"):
        check_periods(tmp_path)


def test_b1_a_feed_of_an_environment_that_does_not_exist_is_refused(world: World) -> None:
    from flows.errors import BadConfiguration

    (world.project_dir / "seeds" / "feed_environments.csv").write_text("environment_id\n77\n")
    before = world.bytes_of_platform()
    with pytest.raises(BadConfiguration, match=r"feed_environments\.csv.*77"):
        world.run()
    assert world.bytes_of_platform() == before


def test_b1_the_report_says_what_is_the_clients_to_anonymize(world: World) -> None:
    told = world.command("run", "--approve-all")
    assert told.returncode == 0
    assert "CRM" in told.stdout
