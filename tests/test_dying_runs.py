"""A flow that died while the server was still at its batches, and runs that start at the same moment."""

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from batches import Batches
from world import World

from flows import ledger
from flows.chain import verify
from flows.database import Database
from flows.errors import AnotherRun
from flows.ledger import RunRequest

OLD = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def slow_batches(batches: Batches) -> Iterator[Batches]:
    """Every update of messages takes a second; over a ledger that nobody edited."""
    batches.world.connection.execute(
        "truncate retention.run_lines, retention.runs cascade; update retention.newest_run set run_id = 0"
    )
    batches.world.connection.execute(
        "create function platform.wait() returns trigger language plpgsql as"
        " $$ begin perform pg_sleep(1); return null; end $$;"
        "create trigger wait after update on platform.messages for each statement execute function platform.wait()"
    )
    yield batches
    batches.world.connection.execute("drop function platform.wait() cascade")


@contextmanager
def dead_flow(batches: Batches) -> Iterator[int]:
    """A run whose own session was lost in the middle of a batch, which the server goes on with."""
    errors: list[psycopg.Error] = []

    def work() -> None:
        try:
            batches.anonymize(run_id, "anonymized_messages")
        except psycopg.Error as error:
            errors.append(error)

    with suppress(psycopg.OperationalError), ExitStack() as stack:
        database = stack.enter_context(Database.connect("retention"))
        stack.enter_context(ledger.only_run(database))
        request = RunRequest(as_of=batches.as_of, is_approved=True)
        run_id = stack.enter_context(ledger.open_run(database, request, ledger.fix_as_of(database, request)))
        ledger.open_lines(database, run_id, request)
        worker = threading.Thread(target=work)
        worker.start()
        _wait_for(
            batches.world,
            "select 1 from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()",
        )
        batches.world.connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where application_name = 'retention' and datname = current_database()"
        )
    yield run_id
    worker.join()
    assert "expected the run to be open" in str(errors[0])


def _wait_for(world: World, query: str) -> None:
    for _ in range(12000):  # a minute: the first run of a test session parses the project
        if world.rows(query):
            return
        time.sleep(0.005)
    pytest.fail("what was waited for did not come")


def test_w1_the_next_run_waits_for_the_last_batch_of_one_that_died_before_it_seals_it(slow_batches: Batches) -> None:
    """The batch commits its counts to its own run, nothing is written to a run that is sealed, nothing is skipped."""
    world = slow_batches.world
    messages = [world.message(None, OLD) for _ in range(6)]
    with (
        dead_flow(slow_batches) as dead_run,
        Database.connect("retention") as database,
        ledger.only_run(database),
    ):
        assert verify(database).break_found is None
        counted = world.one("select sum(anonymized) as n from retention.run_lines where run_id = %s", dead_run)["n"]
        assert 1 <= counted < len(messages)
        assert counted == world.one("select count(*) as n from platform.messages where anonymized_on is not null")["n"]
    assert verify(Database(world.connection, "retention")).break_found is None
    lines = slow_batches.whole_night()
    assert all(line["left_over"] == 0 for line in lines)
    assert sum(line["anonymized"] for line in lines) == len(messages) - counted


def test_w1_a_last_batch_that_does_not_end_is_another_run(
    slow_batches: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.database import _statements

    monkeypatch.setitem(_statements(), "wait_for_last_batch", "set local lock_timeout = '50ms'")
    slow_batches.world.message(None, OLD)
    with dead_flow(slow_batches), Database.connect("retention") as database:
        with (
            pytest.raises(AnotherRun, match="expected the last batch of a run that died to end"),
            ledger.only_run(database),
        ):
            pass
        monkeypatch.undo()


@pytest.mark.parametrize(("number", "says"), [(signal.SIGTERM, "SIGTERM"), (signal.SIGINT, "Ctrl-C")])
def test_w1_a_run_that_is_told_to_end_does_so_at_once_and_is_recorded_as_interrupted(
    world: World, number: int, says: str
) -> None:
    """As a container that is stopped: not when all its batches are done, which may take the night."""
    messages = [world.message(None, OLD) for _ in range(400)]
    world.connection.execute(
        "create function platform.wait() returns trigger language plpgsql as"
        " $$ begin perform pg_sleep(0.1); return null; end $$;"
        "create trigger wait after update on platform.messages for each statement execute function platform.wait()"
    )
    world.set_vars(batch_rows_max=2)
    process = world.start("run", "--approve-all")
    _wait_for(world, "select 1 from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()")
    process.send_signal(number)
    output, _ = process.communicate(timeout=10)
    (run,) = world.rows("select outcome, said -> 'left' as left_behind from retention.runs")
    assert (run["outcome"], run["left_behind"]) == ("interrupted", [f"stopped by {says}."])
    assert "Mend" not in output
    done = world.one("select count(*) as n from platform.messages where anonymized_on is not null")["n"]
    assert done < len(messages) / 2
    assert done == world.one("select sum(anonymized) as n from retention.run_lines")["n"]
    world.connection.execute("drop function platform.wait() cascade")
    assert world.run().outcome == "done"
    assert verify(Database(world.connection, "retention")).break_found is None


def test_w1_a_session_that_is_about_to_end_does_not_refuse_the_next_run(batches: Batches) -> None:
    """A flow that died in a long statement of its own: the server notices it within a second."""
    with Database.connect("retention") as dead, suppress(psycopg.OperationalError), ledger.only_run(dead):
        descriptor = dead._connection.fileno()  # noqa: SLF001 - its process ends in the middle of a statement
        dead._connection.pgconn.send_query(b"select pg_sleep(60)")  # noqa: SLF001
        socket.socket(fileno=os.dup(descriptor)).shutdown(socket.SHUT_RDWR)
        with Database.connect("retention") as database, ledger.only_run(database):
            pass
        dead._connection.close()  # noqa: SLF001
    assert not batches.world.rows(
        "select 1 from pg_stat_activity where query = 'select pg_sleep(60)' and state = 'active'"
    )


def test_the_ledger_is_made_once_by_runs_that_start_at_the_same_moment(bare_world: World) -> None:
    start = threading.Barrier(4)
    errors: list[Any] = []

    def prepare() -> None:
        with Database.connect("retention") as database:
            start.wait()
            try:
                ledger.prepare_ledger(database, "retention")
            except Exception as error:  # noqa: BLE001 - the test's finding
                errors.append(error)

    for _ in range(5):
        bare_world.connection.execute("drop schema if exists retention cascade")
        threads = [threading.Thread(target=prepare) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert errors == []


def test_a_machine_that_falls_silent_frees_the_run_within_a_minute(batches: Batches) -> None:
    """What the server is told, for the flow's session and for the one that works batches: probes after 30 s, 3 of them."""
    asked = "select reset_val, setting, name from pg_settings where name like 'tcp_keepalives%%'"
    assert {"set tcp_keepalives_idle = 30", "set tcp_keepalives_interval = 10", "set tcp_keepalives_count = 3"} <= {
        statement.strip() for statement in batches.session.split(";")
    }
    with Database.connect("retention") as database:
        found = {row["name"]: row["reset_val"] for row in database._connection.execute(asked).fetchall()}  # noqa: SLF001
    assert found == {"tcp_keepalives_idle": "30", "tcp_keepalives_interval": "10", "tcp_keepalives_count": "3"}


def test_the_purge_reads_what_is_committed_by_its_check_whatever_the_roles_default(batches: Batches) -> None:
    """A file that a row names which was committed after the claim is spared."""
    world = batches.world
    world.put("shared")
    message, living = world.message(None, OLD), world.message(None, datetime(2026, 3, 1, tzinfo=UTC))
    world.attachment(message, "shared")
    world.connection.execute("alter role current_user set default_transaction_isolation = 'repeatable read'")
    try:
        with batches.night() as (database, run_id):
            batches.anonymize(run_id)
            with database.transaction():
                assert database.rows("claim_files", after=0, limit=10, environments=None, purge_delay=0)
                world.attachment(living, "shared")
                file_ids = [row["file_id"] for row in world.rows("select file_id from retention.file_queue")]
                assert len(database.rows("referenced_files", file_ids=file_ids)) == 1
    finally:
        world.connection.execute("alter role current_user reset default_transaction_isolation")
