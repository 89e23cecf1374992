"""The contest of whole commands: a night with nothing due, against dbt building and testing the same models."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from socket import socket

from bench.contests import Figure
from bench.platform import Server
from bench.store import s3

BIN = Path(sys.executable).parent


def whole_night(server: Server, name: str, stored: int, turns: int) -> list[Figure]:
    """Contest 4, the whole run: nothing due, a Prefect server up; the first turn purges and is not counted."""
    project = str(server.project(name))
    commands = {
        "run": [BIN / "retention", "run", "--approve-all", "--project-dir", project],
        "build": [BIN / "dbt", "build", "--exclude-resource-type", "unit_test", "--target", "nightly",
                  "--project-dir", project, "--profiles-dir", project],
    }  # fmt: skip
    with _prefect() as prefect, s3() as store:
        store.fill(0)
        environ = {**os.environ, **prefect, **store.variables, "PGDATABASE": name}
        seconds = {who: [_seconds(command, environ) for _ in range(turns + 1)][1:] for who, command in commands.items()}
    run, build = (statistics.median(seconds[who]) for who in commands)
    return [Figure("4", f"the whole run with nothing due, {stored:,} stored: {run:.1f} s",
                   f"dbt build of the same models: {build:.1f} s", f"{run / build:.2f}", "under 1.5")]  # fmt: skip


def _seconds(command: list[str | Path], environ: dict[str, str]) -> float:
    began = time.monotonic()
    done = subprocess.run(command, check=False, env=environ, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"Measuring: expected {command[0]} to end well, found:\n{done.stdout}{done.stderr}")
    return time.monotonic() - began


@contextmanager
def _prefect() -> Iterator[dict[str, str]]:
    """A Prefect server, up before anything is measured."""
    with closing(socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = tempfile.mkdtemp(prefix="prefect-")
    variables = {"PREFECT_HOME": home, "PREFECT_API_URL": f"http://127.0.0.1:{port}/api"}
    arguments = ["-m", "uvicorn", "prefect.server.api.server:create_app", "--factory", "--port", str(port)]
    process = subprocess.Popen(
        [sys.executable, *arguments],
        env={**os.environ, **variables, "PREFECT_SERVER_ANALYTICS_ENABLED": "false"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(600):
            with suppress(OSError), urllib.request.urlopen(f"{variables['PREFECT_API_URL']}/health", timeout=2):
                break
            time.sleep(0.2)
        yield variables
    finally:
        process.terminate()
        process.wait(timeout=30)
        shutil.rmtree(home, ignore_errors=True)
