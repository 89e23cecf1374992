"""Nothing that was due is left anywhere within reach: platform, ledger, catalogs, logs, artifacts, output, files."""

import json
import os
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from canaries import Canaries, all_found, files_in, hits, personal_columns, plant, rows_of_database, versions
from world import OLD, YOUNG, World

PAGE = 200


def _prefect() -> Iterator[tuple[str, bytes]]:
    """What Prefect knows, asked for as its own pages do."""
    for kind in ("artifacts", "logs", "flow_runs", "task_runs", "flows", "events"):
        pages: list[bytes] = []
        offset = 0
        while not pages or (kind != "events" and len(json.loads(pages[-1])) == PAGE):
            asked = {} if kind == "events" else {"limit": PAGE, "offset": offset}
            request = urllib.request.Request(
                f"{os.environ['PREFECT_API_URL']}/{kind}/filter",
                json.dumps(asked).encode(),
                {"Content-Type": "application/json"},
                method="POST",
            )
            with urllib.request.urlopen(request, timeout=30) as response:
                pages.append(response.read())
            offset += PAGE
        yield kind, b"\n".join(pages)


def _outputs(world: World) -> Iterator[tuple[str, bytes]]:
    yield from files_in(
        *(world.project_dir / name for name in ("logs", "target", "reports")), Path(os.environ["PREFECT_HOME"])
    )


def test_b2_no_canary_of_what_was_due_is_found_anywhere_afterwards(world: World) -> None:
    """B2, M3, M4, U2, S3: in a process of its own; and every canary of what lives on is where it was."""
    world.bucket("versioned", "Enabled")
    due, living = Canaries(), Canaries()
    buckets = {*plant(world, due, OLD, "versioned", "files"), *plant(world, living, YOUNG, "versioned", "files")}
    # An event of its own period names a user who goes: the identifier goes with the user (S3).
    goes = world.one("select network_id from platform.users where network_id like %s", f"{due.mark}%")["network_id"]
    world.event("custom_events", goes, YOUNG)
    world.connection.execute("analyze")

    planted = {f"{table}.{column}" for table, columns in personal_columns().items() for column in columns}
    for canaries in (due, living):
        assert planted <= set(canaries.where.values())
        assert all_found(canaries, rows_of_database(world), versions(world, buckets)) == set(canaries.where)
        assert hits(canaries, rows_of_database(world))["pg_stats"]
    (world.project_dir / "target").mkdir(exist_ok=True)
    control = world.project_dir / "target" / "control"
    control.write_text(f"...{next(iter(due.where))}...")
    assert hits(due, _outputs(world)) == {str(control): [next(iter(due.where.values()))]}
    control.unlink()

    # Started from nothing: what Prefect logs on its way to its server is sent by what a fork does not have.
    result = subprocess.run(
        world.command_line("run", "--approve-all"),
        env={**os.environ, **world.environ},
        cwd=world.project_dir,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr

    assert hits(due, rows_of_database(world)) == {}
    assert hits(due, versions(world, buckets)) == {}
    assert all_found(living, rows_of_database(world), versions(world, buckets)) == set(living.where)
    files = dict(_outputs(world))
    names = {Path(name).name for name in files}
    assert {"partial_parse.msgpack", "dbt.log", "prefect.db", "prefect.db-wal", "run-1.en.html"} <= names
    prefect = dict(_prefect())
    assert b"Purged 3 files" in prefect["logs"]
    assert {artifact["key"] for artifact in json.loads(prefect["artifacts"].splitlines()[0])} >= {
        "retention-run",
        "retention-progress",
        "retention-report",
    }
    output = {"stdout": result.stdout.encode(), "stderr": result.stderr.encode()}
    for canaries in (due, living):
        assert hits(canaries, {**files, **prefect, **output}.items()) == {}
