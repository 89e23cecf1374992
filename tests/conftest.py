"""One PostgreSQL, one S3 and one Prefect server a session; one database and one project a test. No mocks."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from socket import socket

import psycopg
import pytest
import quick_runs  # noqa: F401
from batches import Batches
from nights import Nights
from postgres_server import installed_postgres
from project_copy import copy_project
from psycopg import sql
from psycopg.rows import dict_row
from world import World

from flows.demo.embedded import embedded_postgres, embedded_s3
from flows.demo.platform import create_platform

pytest_plugins = ["fix_store", "fix_purge", "fix_adopted", "fix_mornings", "fix_residue"]

MakeWorld = Callable[..., AbstractContextManager[World]]
MEMORY = Path("/dev/shm")
BATCHES = "batches"
PARSED = "target/partial_parse.msgpack"
PREFECT = pytest.StashKey[subprocess.Popen[bytes]]()


def pytest_configure(config: pytest.Config) -> None:
    """Starts one Prefect server for the session, before any worker; its start takes a while, so nobody waits for it."""
    os.environ.update(PREFECT_SERVER_ANALYTICS_ENABLED="false", DBT_SEND_ANONYMOUS_USAGE_STATS="false")
    if hasattr(config, "workerinput") or config.option.collectonly or "PREFECT_API_URL" in os.environ:
        return
    with closing(socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # Its database is synced to disk with every state of every task; in memory nobody waits for that.
    home = tempfile.mkdtemp(prefix="prefect-", dir=MEMORY if MEMORY.is_dir() else None)
    os.environ.update(PREFECT_HOME=home, PREFECT_API_URL=f"http://127.0.0.1:{port}/api")
    config.stash[PREFECT] = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "uvicorn",
            "prefect.server.api.server:create_app",
            "--factory",
            "--port",
            str(port),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def pytest_unconfigure(config: pytest.Config) -> None:
    """Ends the Prefect server that this session started."""
    if server := config.stash.get(PREFECT, None):
        server.terminate()
        server.wait(timeout=30)
        shutil.rmtree(os.environ["PREFECT_HOME"], ignore_errors=True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuses to go on where groups have no effect: every worker would build every group's setup anew."""
    for item in items:
        if getattr(config.option, "loadgroup", False) and item.get_closest_marker("xdist_group"):
            assert "@" in item.nodeid, "pytest-xdist no longer keeps a group's tests together"


@pytest.fixture(scope="session")
def prefect_server() -> str:
    """The URL of the session's Prefect server, once it answers."""
    url = os.environ["PREFECT_API_URL"]
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=2):
                return url
        except OSError:
            time.sleep(0.2)
    pytest.fail("the Prefect server did not start within 120 seconds")


@pytest.fixture(scope="session")
def postgres() -> Iterator[dict[str, str]]:
    """libpq's variables of a real server: the embedded one, or that of POSTGRES_BIN."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    binaries = os.environ.get("POSTGRES_BIN")
    with installed_postgres(Path(binaries), folder) if binaries else embedded_postgres(folder) as variables:
        yield variables
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def template(postgres: dict[str, str]) -> str:
    """A database with the reference platform, of which each test gets a copy."""
    with connect(postgres, "postgres") as connection:
        connection.execute("create database reference")
    with connect(postgres, "reference") as connection:
        create_platform(connection)
    return "reference"


@pytest.fixture(scope="session")
def s3_server() -> Iterator[dict[str, str]]:
    with embedded_s3() as variables:
        yield variables


@pytest.fixture(scope="session")
def make_world(
    postgres: dict[str, str], template: str, s3_server: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> MakeWorld:
    """Makes a world of its own in a folder: a database, a copy of the dbt project, the session's S3, empty.

    Databases take the lowest free name, because dbt's parse of the project, kept from one world to the next, holds for
    one database's name. A world with vars of its own takes a name of its own, for it has another parse.
    """
    taken: set[str] = set()
    parsed: dict[str, Path] = {}
    parses = tmp_path_factory.mktemp("parses")

    @contextmanager
    def make(folder: Path, name: str = "") -> Iterator[World]:
        if not taken - {BATCHES}:  # what the batches left in the worker's one store; they make their buckets anew
            empty_store()
        name = name or next(f"world_{slot}" for slot in range(9) if f"world_{slot}" not in taken)
        taken.add(name)
        project_dir = copy_project(folder / "project")
        if name in parsed:
            (project_dir / "target").mkdir()
            shutil.copy(parsed[name], project_dir / PARSED)
        environ = {**postgres, **s3_server, "PGDATABASE": name, "DBT_PROFILES_DIR": str(project_dir)}
        with connect(postgres, "postgres") as admin:
            admin.execute(sql.SQL("create database {} template {}").format(*map(sql.Identifier, (name, template))))
        with pytest.MonkeyPatch.context() as patch, connect(postgres, name) as connection:
            for variable, value in environ.items():
                patch.setenv(variable, value)
            yield World(connection, project_dir, environ)
            empty_store()
        with connect(postgres, "postgres") as admin:
            admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
        taken.discard(name)
        if name not in parsed and (project_dir / PARSED).is_file():
            parsed[name] = shutil.copy(project_dir / PARSED, parses / name)

    return make


@pytest.fixture
def bare_world(make_world: MakeWorld, tmp_path: Path) -> Iterator[World]:
    """A world without a Prefect server, for tests of what is below the flow."""
    with make_world(tmp_path) as world:
        yield world


@pytest.fixture
def world(bare_world: World, prefect_server: str) -> World:
    """A platform of one environment, empty, with an unversioned bucket."""
    assert prefect_server
    bare_world.environment(1)
    bare_world.bucket("files")
    return bare_world


@pytest.fixture(scope="session")
def all_batches(
    make_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory, prefect_server: str
) -> Iterator[Batches]:
    """The batches of every kind, rendered once, two rows each, with an unversioned and a versioned bucket."""
    assert prefect_server
    with make_world(tmp_path_factory.mktemp("batches"), BATCHES) as world:
        world.set_vars(batch_rows_max=2)
        world.bucket("files")
        world.bucket("versioned", "Enabled")
        yield Batches(world, "2026-03-31T02:00")


@pytest.fixture
def batches(all_batches: Batches) -> Batches:
    """The batches over an empty platform of one environment."""
    all_batches.empty()
    all_batches.world.environment(1)
    return all_batches


@pytest.fixture
def nights(all_batches: Batches) -> Iterator[Nights]:
    """Nights in milliseconds over an empty platform and an empty ledger."""
    nights = Nights(all_batches)
    yield nights
    nights.close()


def connect(variables: dict[str, str], database: str) -> "psycopg.Connection[dict[str, object]]":
    return psycopg.connect(
        host=variables["PGHOST"],
        port=variables["PGPORT"],
        user=variables["PGUSER"],
        dbname=database,
        autocommit=True,
        row_factory=dict_row,
    )


def empty_store() -> None:
    from moto.backends import get_backend

    get_backend("s3").reset()
