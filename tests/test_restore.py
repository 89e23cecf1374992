"""A backup of last month is restored: one run before opening, and what was anonymized is anonymized again."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import MakeWorld, connect
from postgres_server import binaries_of_server
from psycopg import sql
from world import LONG_AGO, NOW, YOUNG, World

from flows.approval import read_held, release
from flows.chain import seal
from flows.database import Database

pytestmark = pytest.mark.xdist_group("restore")

MONTH = timedelta(days=31)
# Falls due between the backup and today: 24 months ago it was ten days until today.
FELL_DUE_SINCE = NOW - timedelta(days=731 + 10)
DUE_THEN = NOW - timedelta(days=731 + 90)
TABLES = ("environments", "users", "messages", "attachments", "chatbot_conversations", "custom_events")
RANDOM_ID = re.compile(r"anonymized-[0-9a-f-]{36}")


@dataclass
class Restored:
    """A platform with a backup of the month before, and its rows as they are today."""

    world: World
    dump: Path
    today: dict[str, list[str]]
    newest_hash: str


def rows_of(world: World) -> dict[str, list[str]]:
    """Every row of the platform; random identifiers and the date of a marker differ from one anonymization to another."""
    found = {}
    for table in TABLES:
        rows = [dict(row) for row in world.rows(f"select * from platform.{table} order by 1")]
        for row in rows:
            if "anonymized_on" in row:
                row["anonymized_on"] = row["anonymized_on"] is not None
        found[table] = [RANDOM_ID.sub("random", repr(row)) for row in rows]
    return found


def call(world: World, program: str, *arguments: Any) -> None:
    done = subprocess.run(
        [binaries_of_server() / program, "-d", world.environ["PGDATABASE"], *map(str, arguments)],
        env=world.environ, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def restore_database(world: World, dump: Path) -> None:
    """Onto an empty database of the same name, as after the loss of a server."""
    name = sql.Identifier(world.environ["PGDATABASE"])
    world.connection.close()
    with connect(world.environ, "postgres") as admin:
        admin.execute(sql.SQL("drop database {} with (force)").format(name))
        admin.execute(sql.SQL("create database {}").format(name))
    call(world, "pg_restore", dump)
    world.connection = connect(world.environ, world.environ["PGDATABASE"])


def restore_tables(world: World, dump: Path) -> None:
    """Only the rows of the platform's tables; the ledger stays as it is."""
    world.connection.execute("truncate platform.environments, platform.users, platform.messages, platform.attachments,"
                             " platform.chatbot_conversations, platform.custom_events")  # fmt: skip
    call(world, "pg_restore", "--data-only", "--disable-triggers", "--schema=platform", dump)


def fill(world: World) -> None:
    world.environment(1)
    world.bucket("files")
    world.bucket("versioned", "Enabled")
    writer = world.user(created_at=LONG_AGO)
    world.message(writer, YOUNG)
    quiet = world.user(created_at=LONG_AGO, network_id="quiet", picture_bucket="files", picture_key="picture")
    message = world.message(quiet, FELL_DUE_SINCE)
    world.event("custom_events", "quiet", FELL_DUE_SINCE)
    then = world.message(writer, DUE_THEN)
    for bucket in ("files", "versioned"):
        for key, owner in (("since", message), ("then", then)):
            world.put(key, bucket)
            world.attachment(owner, key, bucket)
    for key in ("picture", "living"):
        world.put(key)
    world.attachment(world.message(writer, YOUNG), "living")
    world.connection.execute(
        "insert into platform.messages select 1000 + n, 1, 1, null, 'outbound', 'private', 'twitter', 'x', 'x', 'text', %s, %s"
        " from generate_series(1, 1200) as n",
        (FELL_DUE_SINCE, FELL_DUE_SINCE),
    )


@pytest.fixture(scope="module")
def restored(
    make_world: MakeWorld, prefect_server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Restored]:
    """Nights passed, the first of them before the backup; its files were still queued when the backup was taken."""
    assert prefect_server
    folder = tmp_path_factory.mktemp("restore")
    with make_world(folder) as world:
        fill(world)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PURGE_DELAY", "86400")
            first = world.run(as_of=(NOW - MONTH).isoformat())
        world.connection.execute("update retention.runs set started_at = as_of")
        seal(Database(world.connection, "retention"), 1)
        assert (first.outcome, len(world.rows("select * from retention.file_queue"))) == ("done", 2)
        call(world, "pg_dump", "--format=custom", f"--file={folder / 'dump'}")
        assert world.run(approve_all=False).outcome == "done"
        newest = world.one("select hash from retention.runs order by run_id desc limit 1")["hash"]
        yield Restored(world, folder / "dump", rows_of(world), newest)


def test_b2_after_a_month_old_backup_one_run_brings_back_the_anonymized_state(restored: Restored) -> None:
    """Without being held back; files that were purged meanwhile count as deleted, and none comes back."""
    world = restored.world
    assert (world.keys("files"), world.keys("versioned")) == ({"living"}, set())
    restore_database(world, restored.dump)
    assert world.one("select count(*) as n from platform.messages where content <> ''")["n"] == 1203
    assert world.one("select count(*) as n from retention.file_queue")["n"] == 2
    living = world.one("select concat(xmin, ctid, t::text) as text from platform.messages t where message_id = 1")

    summary = world.run(approve_all=False)

    assert (summary.outcome, summary.left, summary.exit_code) == ("done", [], 0)
    assert rows_of(world) == restored.today
    assert (
        world.one("select concat(xmin, ctid, t::text) as text from platform.messages t where message_id = 1") == living
    )
    assert world.rows("select * from retention.file_queue") == []
    assert (world.keys("files"), world.keys("versioned")) == ({"living"}, set())
    (line,) = [line for line in summary.lines if line["kind"] == "messages"]
    assert (line["anonymized"], line["files_purged"], line["files_failed"]) == (1201, 4, 0)


def test_a_hash_noted_after_the_backup_is_missing_from_the_restored_ledger(restored: Restored) -> None:
    """The chain itself holds: the ledger is an older one, not an edited one."""
    verified = restored.world.command("ledger", "verify")
    assert verified.returncode == 0, verified.stderr
    expected = restored.world.command("ledger", "verify", "--expect", restored.newest_hash)
    assert expected.returncode == 7
    assert "Traceback" not in expected.stderr


def test_p1_where_only_the_platform_was_restored_the_brake_holds_until_a_person_approves(restored: Restored) -> None:
    """The ledger says that these rows were anonymized: to the brake they look like a backdated import."""
    world = restored.world
    restore_tables(world, restored.dump)
    before = world.bytes_of_platform()

    held = world.run(approve_all=False)

    assert (held.outcome, held.exit_code) == ("held back", 4)
    assert "1201 messages: 1201 rows appeared that were due at its last run already" in held.left[0].replace(",", "")
    messages = [row for row in before if "text" in row]
    assert set(messages) <= set(world.bytes_of_platform())
    assert world.one("select count(*) as n from platform.messages where content <> ''")["n"] == 1203

    release(read_held(world.project_dir, "1"))
    assert world.run(approve_all=False).outcome == "done"
    assert rows_of(world) == restored.today
    assert world.rows("select * from retention.file_queue") == []
    assert world.keys("files") == {"living"}
