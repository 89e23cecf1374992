"""Several databases on one work pool: a deployment each, two workers, and a database that is down fails its own run alone."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import MakeWorld
from prefect.client.orchestration import SyncPrefectClient, get_client
from world import OLD, YOUNG, World

ROOT = Path(__file__).parent.parent
POOL = "retention"
PATIENCE = 240.0


def _prefect(*arguments: str) -> subprocess.Popen[str]:
    command = [str(Path(sys.executable).parent / "prefect"), *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def _done(*arguments: str) -> None:
    process = _prefect(*arguments)
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0, said


def _deployments(databases: dict[str, tuple[Path, dict[str, str]]]) -> dict[str, Any]:
    """The project's own prefect.yaml, its deployment once for each database, as the docs say."""
    described = yaml.safe_load((ROOT / "prefect.yaml").read_text())
    (nightly,) = described["deployments"]
    described["deployments"] = [
        {
            **nightly,
            "name": name,
            "parameters": {"project_dir": str(project_dir), "approve_all": True},
            "work_pool": {"name": POOL, "job_variables": {"env": environ}},
        }
        for name, (project_dir, environ) in databases.items()
    ]
    return described


@contextmanager
def _workers() -> Iterator[None]:
    workers = [_prefect("worker", "start", "--pool", POOL, "--name", f"worker-{n}", "--limit", "2") for n in (1, 2)]
    try:
        yield
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.communicate(timeout=60)


def _ended(client: SyncPrefectClient, names: list[str]) -> dict[str, Any]:
    """The final state of one run of each deployment, all begun at once."""
    runs = {
        name: client.create_flow_run_from_deployment(client.read_deployment_by_name(f"anonymize/{name}").id)
        for name in names
    }
    began = time.monotonic()
    while True:
        states = {name: client.read_flow_run(run.id).state for name, run in runs.items()}
        if all(state and state.is_final() for state in states.values()):
            return states
        assert time.monotonic() - began < PATIENCE, states
        time.sleep(0.5)


@pytest.fixture
def worlds(make_world: MakeWorld, prefect_server: str) -> Iterator[dict[str, World]]:
    assert prefect_server
    folder = Path(tempfile.mkdtemp(prefix="several-"))
    with make_world(folder / "north") as north, make_world(folder / "south") as south:
        yield {"north": north, "south": south}
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.timeout(400)
def test_three_databases_with_two_workers_and_one_that_is_down(worlds: dict[str, World], tmp_path: Path) -> None:
    due: dict[str, int] = {}
    living: dict[str, int] = {}
    for name, world in worlds.items():
        world.environment(1)
        due[name], living[name] = world.message(None, OLD), world.message(None, YOUNG)
    databases = {name: (world.project_dir, dict(world.environ)) for name, world in worlds.items()}
    down = {**os.environ, **worlds["north"].environ, "PGHOST": "127.0.0.1", "PGPORT": "9"}
    databases["down"] = (worlds["north"].project_dir, {name: down[name] for name in worlds["north"].environ})
    file = tmp_path / "prefect.yaml"
    file.write_text(yaml.safe_dump(_deployments(databases)))
    _done("work-pool", "create", POOL, "--type", "process", "--overwrite")
    _done("--no-prompt", "deploy", "--all", "--prefect-file", str(file))
    with _workers(), get_client(sync_client=True) as client:
        states = _ended(client, list(databases))
        for name in databases:
            client.delete_deployment(client.read_deployment_by_name(f"anonymize/{name}").id)
    assert {name: state.type.value for name, state in states.items()} == {
        "north": "COMPLETED", "south": "COMPLETED", "down": "FAILED",
    }  # fmt: skip
    assert "Connecting to PostgreSQL" in states["down"].message
    for name, world in worlds.items():
        assert world.get("messages", due[name])["content"] == ""
        assert world.get("messages", living[name])["content"] != ""
        assert [run["outcome"] for run in world.rows("select outcome from retention.runs")] == ["done"]
