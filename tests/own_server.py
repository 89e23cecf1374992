"""A server of its own, whose own clean-up is off and which logs every statement, and what PostgreSQL keeps there of nights."""

import os
import shutil
import struct
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from batches import Batches
from canaries import Canaries, plant
from conftest import connect, empty_store
from pages import data_directory
from postgres_server import binaries_of_server, installed_postgres
from project_copy import copy_project
from world import World

from flows.database import Database
from flows.demo.platform import create_platform
from flows.maintenance import maintain

AS_OF = "2026-03-31T02:00"
OLD, YOUNG = "2020-01-01", "2026-03-01"
LOG = "server_log"
SETTINGS = {
    "autovacuum": "off",
    "wal_level": "logical",
    "max_prepared_transactions": "5",
    "log_statement": "all",
    "log_min_duration_statement": "0",
    "log_parameter_max_length_on_error": "-1",
    "logging_collector": "on",
    "log_directory": LOG,
    "log_filename": "server.log",
}
# What the platform's own statements hold is the platform's to keep: docs/residue.md says so.
NOT_OURS = ("pg_wal", LOG)


@contextmanager
def world_of_its_own(s3_server: dict[str, str], folder_of_project: Path) -> Iterator[World]:
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    with (
        installed_postgres(binaries_of_server(), folder, **SETTINGS) as variables,
        pytest.MonkeyPatch.context() as patch,
    ):
        with connect(variables, "postgres") as admin:
            admin.execute("create database residue")
        project_dir = copy_project(folder_of_project)
        environ = {**variables, **s3_server, "PGDATABASE": "residue", "DBT_PROFILES_DIR": str(project_dir)}
        for variable, value in environ.items():
            patch.setenv(variable, value)
        with connect(variables, "residue") as connection:
            create_platform(connection)
            world = World(connection, project_dir, environ)
            world.set_vars(batch_rows_max=50)
            world.bucket("files")
            world.bucket("versioned", "Enabled")
            world.environment(1)
            yield world
        empty_store()
    shutil.rmtree(folder, ignore_errors=True)


def fill(world: World, canaries: Canaries, created_at: Any) -> None:
    """Rows of every kind, enough messages for an index of several pages, and versions that the platform itself left."""
    plant(world, canaries, created_at, "versioned", "files")
    for _ in range(200):
        world.message(None, created_at, **canaries.row("messages"))
    edited = world.message(None, created_at, **canaries.row("messages"))
    world.connection.execute("update platform.messages set content = 'edited' where message_id = %s", [edited])


def run_with_canaries(world: World) -> tuple[Batches, Canaries, bytes]:
    """A run of the flow over rows with canaries, one of which can't be emptied; and what the server logged of it."""
    canaries = Canaries()
    fill(world, canaries, OLD)
    held = world.message(None, OLD, **canaries.row("messages"))
    world.connection.execute(
        f"alter table platform.messages add constraint keeps_text check (message_id <> {held} or content <> '')"
    )
    log = data_directory(world) / LOG / "server.log"
    before = log.stat().st_size
    batches = Batches(world, AS_OF)
    logged = log.read_bytes()
    assert canaries.found_in(logged[:before])  # the control: the platform's own statements
    world.connection.execute("alter table platform.messages drop constraint keeps_text")
    return batches, canaries, logged[before:]


def night(batches: Batches, level: str | None, role: str | None = None) -> tuple[list[str], str | None]:
    """A run from its opening to its seal, without the flow around; what it left, and the level in its ledger row."""
    with batches.night() as (database, run_id):
        batches.anonymize(run_id)
        batches.purge(database, run_id)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PGUSER", role or os.environ["PGUSER"])
            with Database.connect("retention") as maintainer:
                left = maintain(maintainer, run_id, level)
    return left, batches.world.one("select residue from retention.runs where run_id = %s", run_id)["residue"]


def work_done(world: World) -> list[dict[str, Any]]:
    """How often each table was worked on, and its files."""
    return world.rows(
        "select relid, vacuum_count, analyze_count, pg_relation_filenode(relid) as file from pg_stat_all_tables"
        " where schemaname in ('platform', 'retention', 'pg_toast') or relname = 'pg_statistic' order by relid"
    )


@contextmanager
def session() -> Iterator[psycopg.Connection[Any]]:
    with closing(psycopg.connect()) as connection:
        yield connection


def slot_of_a_replica(name: str) -> None:
    """A slot that holds rows back for a replica with hot_standby_feedback, by the replication protocol."""
    with psycopg.connect() as connection:
        connection.execute("select pg_create_physical_replication_slot(%s, true)", [name])
        xid, lsn = connection.execute(
            "select pg_current_xact_id()::text::bigint, pg_current_wal_lsn()::text"
        ).fetchone()
    replica = psycopg.pq.PGconn.connect(b"replication=true")
    assert (
        replica.exec_(f"START_REPLICATION SLOT {name} PHYSICAL {lsn}".encode()).status
        == psycopg.pq.ExecStatus.COPY_BOTH
    )
    replica.put_copy_data(b"h" + struct.pack("!qIIII", 0, xid & 0xFFFFFFFF, xid >> 32, 0, 0))
    replica.flush()
    with psycopg.connect(autocommit=True) as connection:
        is_set = "select xmin is not null from pg_replication_slots where slot_name = %s"
        began = time.monotonic()
        while not connection.execute(is_set, [name]).fetchone()[0]:
            assert time.monotonic() - began < 20, "the server did not take the replica's word"
            time.sleep(0.02)
    replica.finish()


@contextmanager
def impatient_writer() -> Iterator[list[int]]:
    """Writes until its end, of which -1 is the sign; gives up where it has to wait for a second."""
    written: list[int] = []
    ended = threading.Event()

    def write() -> None:
        with psycopg.connect(autocommit=True) as writer:
            writer.execute("set lock_timeout = '1s'")  # ten times as long as we may wait, and they with us
            while not ended.is_set():
                written.append(
                    writer.execute("update platform.messages set content = 'x' where message_id = -1").rowcount
                )
                time.sleep(0.01)
            written.append(-1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield written
    finally:
        ended.set()
        writer.join()
