"""Killed anywhere, in any way, several times: one more run, and nothing differs from a run that nobody disturbed."""

import os
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from conftest import connect, empty_store
from crash import SLOW_DOWN, Killer, landed
from drawn_platform import BUCKETS, draw_platform, state
from outages import Front
from postgres_server import PostgresServer, binaries_of_server
from project_copy import PROJECT, copy_project
from world import World

from flows.chain import verify
from flows.database import Database
from flows.demo.platform import create_platform

KILLS = int(os.environ.get("CRASH_KILLS", "12"))
SEED = int(os.environ.get("CRASH_SEED", "1"))
KILLS_A_ROUND = 7
assert PROJECT


@pytest.fixture
def server(postgres: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A server of this module's own; the session's has been started by then, so that its programs may be run."""
    import shutil
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    own = PostgresServer(binaries_of_server(), folder)
    own.start()
    yield own
    own.stop_at_once()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def killer(
    server: PostgresServer,
    s3_server: dict[str, str],
    prefect_server: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Killer]:
    """A platform on that server, slowed down, with the front before its store."""
    front = Front(s3_server["AWS_ENDPOINT_URL_S3"])
    project_dir = copy_project(tmp_path / "project")
    own = {"PGDATABASE": "postgres", "DBT_PROFILES_DIR": str(project_dir), "AWS_ENDPOINT_URL_S3": front.url}
    environ = {**server.variables, **s3_server, **own}
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    with connect(server.variables, "postgres") as connection:
        create_platform(connection)
        connection.execute(SLOW_DOWN)
        world = World(connection, project_dir, {**environ, **s3_server})  # its own client takes no detour
        world.environ = environ
        world.set_vars(batch_rows_max=2)
        world.bucket("files")
        world.bucket("versioned", "Enabled")
        yield Killer(world, server, front, Random(SEED))
    front.close()
    empty_store()


def _chain(world: World) -> str | None:
    return verify(Database(world.connection, "retention")).break_found


@pytest.mark.timeout(60 + 60 * KILLS)
def test_w1_killed_anywhere_the_next_run_ends_as_if_nobody_had_disturbed_it(killer: Killer) -> None:
    """M1, M3, M4, U1, U2, S3, W1: flow, dbt session, a lane, database and store ended at drawn points; then one more run.

    Same rows, same objects, same totals of the ledger, an empty queue, a chain that holds after every crash.
    """
    print(f"seed {SEED}, {KILLS} kills over {BUCKETS}")  # noqa: T201 - what a failure is repeated with
    draw_platform(killer.world, SEED)
    assert killer.last_run().outcome == "done"
    undisturbed = state(killer.world, 0)
    assert undisturbed.queue == 0
    for number in range(-(-KILLS // KILLS_A_ROUND)):
        _one_round(killer, number, undisturbed)
    count, listed = landed(killer.kills)
    assert count >= len(killer.kills) * 3 / 4, listed
    assert {kind for kind, _, at_work in killer.kills if at_work} == {"flow", "session", "database", "store", "lane"}, (
        listed
    )
    print(f"{count} of {len(killer.kills)} kills came while a run was at work: {listed}")  # noqa: T201 - the evidence


def _one_round(killer: Killer, number: int, undisturbed: Any) -> None:
    world = killer.world
    draw_platform(world, SEED)
    since = world.one("select max(run_id) as n from retention.runs")["n"]
    ends = [killer.flow, killer.database, killer.session_and_store, killer.lane]
    killer.draw.shuffle(ends)
    for end in ends:
        end()
        assert _chain(world) is None, (number, killer.kills)
    summary = killer.last_run()
    assert summary.outcome == "done", (number, summary.left, killer.kills)
    found = state(world, since)
    for part in ("rows", "objects", "totals", "queue", "marked"):
        assert getattr(found, part) == getattr(undisturbed, part), (part, number, killer.kills)
    counted = sum(anonymized + dependents for anonymized, dependents, *_ in found.totals.values())
    assert counted == found.marked
    assert _chain(world) is None
