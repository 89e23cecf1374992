"""Killed in the middle, then run again: the same state as an undisturbed run, nothing lost, nothing counted twice."""

import os
import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from world import OLD, World

from flows.anonymize import run_once
from flows.ledger import RunRequest
from flows.settings import read_settings

MESSAGES = 300
CANARY = "canary-5d81"


def _fill(world: World) -> None:
    author = world.user(created_at=OLD)
    for number in range(MESSAGES):
        message = world.message(author, OLD + timedelta(minutes=number), content=f"{CANARY} {number}")
        if number % 10 == 0:
            world.put(f"{CANARY}/{number}")
            world.attachment(message, f"{CANARY}/{number}", file_name=CANARY)


def _kill_in_the_middle(world: World) -> str:
    """Starts the command, kills it late in its batches, and waits until the server has noticed."""
    process = world.start("run", "--approve-all")
    exists = "select to_regclass('retention.run_lines') is not null as is_there"
    done = "select coalesce(sum(anonymized), 0) as n from retention.run_lines where kind = 'messages'"
    while not world.one(exists)["is_there"] or world.one(done)["n"] < 100:
        assert process.poll() is None, "the run ended before it could be killed"
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    output, _ = process.communicate(timeout=30)
    began = time.monotonic()
    alive = "select count(*) as n from pg_stat_activity where application_name = 'retention' and datname = current_database()"
    while world.one(alive)["n"]:
        assert time.monotonic() - began < 10, "the dead run's batches go on in the server"
        time.sleep(0.1)
    return output


def test_m4_a_killed_run_is_made_up_by_the_next_and_leaves_no_value_anywhere(world: World) -> None:
    """M1, M4, B2, W1: SIGKILL late in the batches, then one more run; a row that fails keeps its canary to itself."""
    world.set_vars(batch_rows_max=2)
    _fill(world)
    # Each batch waits a little, so that there is a middle to be killed in.
    world.connection.execute(
        "create function platform.wait() returns trigger language plpgsql as"
        " $$ begin perform pg_sleep(0.02); return null; end $$;"
        "create trigger wait after update on platform.messages for each statement execute function platform.wait()"
    )
    output = _kill_in_the_middle(world)
    half = world.one("select count(*) as n from platform.messages where anonymized_on is not null")["n"]
    assert 100 <= half < MESSAGES
    world.connection.execute("drop function platform.wait() cascade")
    bad = world.one("select max(message_id) as n from platform.messages")["n"]
    world.connection.execute(
        f"alter table platform.messages add constraint keeps_text check (message_id <> {bad} or content <> '')"
    )
    partly = world.run()
    assert partly.outcome == "partly done"
    assert any("constraint keeps_text" in sentence for sentence in partly.left)
    _assert_no_canary(world, output + str(partly.left))
    world.connection.execute("alter table platform.messages drop constraint keeps_text")
    assert world.run().outcome == "done"

    assert world.one("select count(*) as n from platform.messages where content <> ''")["n"] == 0
    assert world.keys() == set()
    totals = world.one(
        "select sum(anonymized) as a, sum(files_purged) as p from retention.run_lines where kind = 'messages'"
    )
    assert (totals["a"], totals["p"]) == (MESSAGES, MESSAGES / 10)
    outcomes = [row["outcome"] for row in world.rows("select outcome from retention.runs order by run_id")]
    assert outcomes == ["interrupted", "partly done", "done"]


def _assert_no_canary(world: World, output: str) -> None:
    assert CANARY not in output
    homes = [world.project_dir / "logs", world.project_dir / "target", Path(os.environ["PREFECT_HOME"])]
    looked_at = 0
    for home in homes:
        for path in home.rglob("*"):
            if path.is_file():
                looked_at += 1
                assert CANARY.encode() not in path.read_bytes(), path.name
    assert looked_at > 10
    for table in ("runs", "run_lines", "file_queue"):
        assert not world.rows(f"select 1 from retention.{table} t where t::text like %s", f"%{CANARY}%")


def test_w1_at_most_one_scheduled_run_of_a_day_is_recorded_as_complete(world: World) -> None:
    """Late runs that pile up find the day complete and change nothing; a run by hand is welcome."""
    world.message(None, OLD)
    settings = read_settings(world.project_dir)
    scheduled = RunRequest(is_scheduled=True, is_approved=True)
    first = run_once(settings, scheduled)
    assert first is not None
    assert first.outcome == "done"
    assert run_once(settings, scheduled) is None
    complete = world.rows("select paris_date from retention.runs where is_scheduled and outcome = 'done'")
    assert len(complete) == 1
    late = world.message(None, datetime(2020, 1, 1, tzinfo=UTC))
    assert world.run().outcome == "done"
    assert world.get("messages", late)["content"] == ""
