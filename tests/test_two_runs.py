"""Two runs at once, as two processes: one works, the other leaves; also where the one that works is stopped for a while."""

import signal
import time

import pytest
from world import OLD, World

from flows import ledger
from flows.database import Database
from flows.errors import AnotherRun

MESSAGES = 200


def test_w1_of_two_runs_at_once_one_works_and_the_other_leaves_with_exit_code_5(world: World) -> None:
    """They start together on a new database. A run whose process is stopped is still the one in progress."""
    for _ in range(MESSAGES):
        world.message(None, OLD)
    world.set_vars(batch_rows_max=2)
    world.connection.execute(
        "create function platform.wait() returns trigger language plpgsql as"
        " $$ begin perform pg_sleep(0.05); return null; end $$;"
        "create trigger wait after update on platform.messages for each statement execute function platform.wait()"
    )
    runs = [world.start("run", "--approve-all"), world.start("run", "--approve-all")]
    began = time.monotonic()
    while all(run.poll() is None for run in runs):
        assert time.monotonic() - began < 200, "neither leaves"
        time.sleep(0.01)
    left, works = sorted(runs, key=lambda run: run.poll() is None)
    output, _ = left.communicate()
    assert left.returncode == 5, output
    assert "expected no other on this database, found one in progress" in output

    done = "select count(*) as n from platform.messages where anonymized_on is not null"
    while world.one(done)["n"] < 10:
        assert works.poll() is None, "it ended before it could be stopped"
        time.sleep(0.01)
    works.send_signal(signal.SIGSTOP)
    with Database.connect("retention") as database, pytest.raises(AnotherRun), ledger.only_run(database):
        pass
    half = world.one(done)["n"]
    works.send_signal(signal.SIGCONT)
    output, _ = works.communicate(timeout=200)
    assert works.returncode == 0, output
    assert 10 <= half < MESSAGES
    assert world.one(done)["n"] == MESSAGES
    assert [row["outcome"] for row in world.rows("select outcome from retention.runs")] == ["done"]
