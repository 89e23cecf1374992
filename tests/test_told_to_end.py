"""A run that is told to end, by SIGTERM or Ctrl-C, in each of its phases but the batches, which are in test_dying_runs."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import psycopg
import pytest
from faulty_store import HANG_UP, Request, faulty_store
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import FlowRun
from test_alarm import board_with_block
from world import World

from flows.chain import verify
from flows.database import Database

OLD = datetime(2020, 1, 1, tzinfo=UTC)
BOTH = pytest.mark.parametrize(("number", "says"), [(signal.SIGTERM, "SIGTERM"), (signal.SIGINT, "Ctrl-C")])
WAITS = "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"


def wait_for(is_there: Callable[[], object]) -> None:
    began = time.monotonic()
    while not is_there():
        assert time.monotonic() - began < 90, "what was waited for did not come"
        time.sleep(0.02)


@contextmanager
def held(statement: str) -> Iterator[None]:
    """Somebody else's lock, until the end."""
    with psycopg.connect() as holder:
        holder.execute(statement.encode())
        yield
        holder.rollback()


def processes() -> dict[int, int]:
    """The parent of every process that lives."""
    told = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True).stdout
    return {int(pid): int(parent) for pid, parent, state in map(str.split, told.splitlines()) if state[0] != "Z"}


def processes_below(ancestor: int) -> set[int]:
    found, parents = {ancestor}, processes()
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {ancestor}


def end(process: "subprocess.Popen[str]", number: int) -> None:
    """Ends a command; it does so in seconds, as a shell expects, says nothing, and leaves no process behind."""
    below = processes_below(process.pid)
    process.send_signal(number)
    output, _ = process.communicate(timeout=10)
    assert (process.returncode, output) == (128 + number, "")
    wait_for(lambda: below.isdisjoint(processes()))


def is_recorded(world: World, says: str) -> None:
    """The run is closed as what it was, and nothing of it is left on the server."""
    (run,) = world.rows("select outcome, said -> 'left' as left_behind from retention.runs")
    assert (run["outcome"], run["left_behind"]) == ("interrupted", [f"stopped by {says}."])
    ours = "select 1 from pg_stat_activity where datname = current_database() and application_name <> ''"
    wait_for(lambda: not world.rows(ours))
    assert verify(Database(world.connection, "retention")).break_found is None


@pytest.mark.parametrize("seconds", [0.3, 0.6, 0.9, 1.5, 2.5])
def test_w1_a_run_that_is_told_to_end_before_it_is_open_never_begins(world: World, seconds: float) -> None:
    """Whatever is being imported, and however it takes exceptions that come to it."""
    world.message(None, OLD)
    process = world.start("run", "--approve-all")
    time.sleep(seconds)
    process.terminate()
    process.communicate(timeout=10)
    assert process.returncode in {-signal.SIGTERM, 128 + signal.SIGTERM}
    assert not world.rows("select 1 from platform.messages where anonymized_on is not null")


@BOTH
def test_w1_a_run_that_ends_in_a_statement_of_its_own_is_recorded(world: World, number: int, says: str) -> None:
    """Its session waits for the server, as for VACUUM of a large table, and has to write the run's end all the same."""
    world.message(None, OLD)
    with held("lock table platform.messages in share update exclusive mode"):
        process = world.start("run", "--approve-all")
        wait_for(lambda: world.rows(WAITS))
        end(process, number)
        is_recorded(world, says)
    assert world.run().outcome == "done"


@BOTH
@pytest.mark.parametrize("files", [2, 2500], ids=["one worker", "three workers"])
def test_w1_a_run_that_ends_while_the_store_hangs_waits_for_no_answer(
    world: World, files: int, number: int, says: str
) -> None:
    """What it had claimed is released, and counted once, by the next run."""
    for message in [world.message(None, OLD) for _ in range(files)]:
        world.attachment(message, f"key/{message}")
    is_over = Event()

    def hang(request: Request) -> object:
        return HANG_UP if request.is_batch and is_over.wait(120) else None

    with faulty_store(world.environ["AWS_ENDPOINT_URL_S3"]) as front:
        front.fault = hang
        world.environ["AWS_ENDPOINT_URL_S3"] = front.url
        process = world.start("run", "--approve-all")
        wait_for(lambda: front.count(lambda request: request.is_batch))
        try:
            end(process, number)
        finally:
            is_over.set()
    is_recorded(world, says)
    assert world.run().outcome == "done"
    purged = world.rows("select sum(files_purged) as files from retention.run_lines group by run_id order by run_id")
    assert [row["files"] for row in purged] == [0, files]


def test_w1_a_server_that_prefect_started_for_a_run_ends_with_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL")
    world.message(None, OLD)
    with held("lock table platform.messages in share update exclusive mode"):
        process = world.start("run", "--approve-all")
        wait_for(lambda: world.rows(WAITS))
        assert processes_below(process.pid)
        end(process, signal.SIGTERM)


@pytest.mark.timeout(240)
def test_w1_a_night_that_is_cancelled_in_prefect_is_so_there_and_interrupted_in_the_ledger(
    world: World, prefect_server: str, tmp_path: Path
) -> None:
    """While dbt is at work; nobody is told, for somebody did it."""
    messages = [world.message(None, OLD) for _ in range(400)]
    world.run(dry_run=True)
    world.connection.execute(
        "truncate retention.run_lines, retention.runs cascade; update retention.newest_run set run_id = 0;"
        "create function platform.wait() returns trigger language plpgsql as"
        " $$ begin perform pg_sleep(0.1); return null; end $$;"
        "create trigger wait after update on platform.messages for each statement execute function platform.wait()"
    )
    world.set_vars(batch_rows_max=2)
    with (
        board_with_block("enders") as board,
        get_client(sync_client=True) as client,
        (tmp_path / "log").open("w") as log,
    ):
        serving = subprocess.Popen(
            world.command_line("serve"), env={**os.environ, **world.environ, "PREFECT_API_URL": prefect_server},
            cwd=world.project_dir, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            wait_for(lambda: "Your flow" in (tmp_path / "log").read_text())
            deployment = client.read_deployment_by_name("anonymize/nightly")
            night = client.create_flow_run_from_deployment(deployment.id, parameters={"approve_all": True})
            wait_for(lambda: world.rows("select 1 from pg_stat_activity where wait_event = 'PgSleep'"))
            subprocess.run(
                [str(Path(world.command_line()[0]).parent / "prefect"), "flow-run", "cancel", str(night.id)],
                check=True, capture_output=True,
            )  # fmt: skip
            wait_for(lambda: _state(client, night) not in ("Scheduled", "Pending", "Running", "Cancelling"))
            is_recorded(world, "SIGTERM")
        finally:
            serving.terminate()
            with suppress(subprocess.TimeoutExpired):
                serving.wait(60)
        assert _state(client, night) == "Cancelled"
        assert board == []
    done = world.one("select count(*) as n from platform.messages where anonymized_on is not null")["n"]
    assert 0 < done < len(messages) / 2


def _state(client: SyncPrefectClient, night: FlowRun) -> str | None:
    state = client.read_flow_run(night.id).state
    return state.name if state else None
