"""The ledger and status: what a person, a monitor or an auditor is told, and whether it is true."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from batches import Batches
from world import OLD, YOUNG, World

BATCHES = pytest.mark.xdist_group("batches")


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


@BATCHES
def test_what_can_be_no_hash_is_refused_before_the_ledger_is_suspected(recorded: World) -> None:
    """Such as the option after it, where a shell's variable was empty: no alarm, since nothing is wrong with the ledger."""
    newest = recorded.one("select hash from retention.runs order by run_id desc limit 1")["hash"]
    for wrong in ("--json", "", "x", newest[:-1], newest + "0", "g" * 64):
        told = recorded.command("ledger", "verify", "--expect", wrong)
        assert told.returncode == 2, wrong
        said = json.loads(told.stdout)["error"] if wrong == "--json" else told.stderr
        assert said.startswith(f"Reading --expect: expected a run's hash, 64 hexadecimal digits, found {wrong!r}. "), (
            said
        )
        assert "or leave --expect out" in said
    assert recorded.command("ledger", "verify", "--expect", newest.upper()).returncode == 0
    assert recorded.command("ledger", "verify", "--expect", "0" * 64).returncode == 7


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
