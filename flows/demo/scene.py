"""Where the demo plays: servers, settings and a copy of the dbt project, in one folder, gone at the end unless kept.

Never reaches a server of the caller's: variables that could lead libpq, boto3 or dbt to one are taken out first. Only
Prefect may be the caller's, when PREFECT_API_URL says so.
"""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING, Any, NoReturn

import psycopg

from flows.demo.embedded import LONGEST_FOLDER, embedded_postgres, embedded_s3
from flows.errors import Unexpected
from flows.parts import copy_project

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

PERIODS = "environment_id,retention_months\n2,12\n3,36\n"  # environment 1 keeps the default, 24 months

# What could point a library elsewhere than to the servers started here.
POINTERS = ("PG", "AWS_", "DBT_", "FILE_", "RETENTION_", "PLATFORM_SCHEMA", "PURGE_DELAY")
_PREFECT_START = 120.0  # seconds; 10 to 40 are usual
_QUIET = {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}


@dataclass(frozen=True, slots=True)
class PrefectServer:
    """A Prefect server that may still be starting; without a process it is the caller's."""

    url: str
    process: subprocess.Popen[bytes] | None

    def wait(self) -> None:
        """Returns once it answers; Unexpected when it ends or takes too long."""
        deadline = time.monotonic() + _PREFECT_START
        while self.process is not None:
            try:
                urllib.request.urlopen(f"{self.url}/health", timeout=2).close()  # noqa: S310 - the loopback address
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise Unexpected(
                        f"Starting a Prefect server: expected it to answer within {_PREFECT_START:.0f} seconds, found "
                        "it does not. Try again on an idle machine, or set PREFECT_API_URL to a running server."
                    ) from None
                time.sleep(0.2)
            else:
                return


@dataclass(frozen=True, slots=True)
class Scene:
    """The project's copy, a session of the empty database, the empty S3, and Prefect, which may still be starting."""

    project_dir: Path
    connection: psycopg.Connection[Any]
    s3: "S3Client"
    prefect: PrefectServer = field(repr=False)


@contextmanager
def scene(kept: Path | None = None) -> Iterator[Scene]:
    """Set the scene, point this process' environment at it, and clear it away whatever happens.

    In the folder `kept`, the database and the project stay for the next time; the S3 is empty each time. Prefect is not
    to be imported before: it reads its settings once.
    """
    environ = dict(os.environ)
    with ExitStack() as stack:
        stack.enter_context(_ended_in_order())
        # A socket's path is short; a folder for temporary files may not be.
        short = "/tmp" if len(tempfile.gettempdir()) > LONGEST_FOLDER // 2 else None  # noqa: S108 - made by mkdtemp
        folder = kept or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="retention-", dir=short, ignore_cleanup_errors=True))
        )
        stack.callback(_restore, environ)
        _take_out_pointers(folder)
        prefect = stack.enter_context(_prefect_server(folder / "prefect"))
        os.environ.update(stack.enter_context(embedded_postgres(folder / "pg")))
        os.environ.update(stack.enter_context(embedded_s3()))
        import boto3

        connection = stack.enter_context(psycopg.connect(autocommit=True))
        project = folder / "project"
        yield Scene(project if project.is_dir() else _copy_project(project), connection, boto3.client("s3"), prefect)


@contextmanager
def _prefect_server(home: Path) -> Iterator[PrefectServer]:
    if url := os.environ.get("PREFECT_API_URL"):
        yield PrefectServer(url, None)
        return
    with closing(socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}/api"
    for name in [name for name in os.environ if name.startswith("PREFECT_") and "LOGGING" not in name]:
        del os.environ[name]  # a database of the caller's, for one
    os.environ.update(_QUIET, PREFECT_HOME=str(home), PREFECT_API_URL=url)
    server = "prefect.server.api.server:create_app"
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", server, "--factory", "--port", str(port)],
        # Its pages would be written beside the package, where it need not be ours to write.
        env=os.environ | {"PREFECT_SERVER_UI_ENABLED": "false"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C reaches us, and we end it
    )
    try:
        yield PrefectServer(url, process)
    finally:
        _drain()
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _drain() -> None:
    """Has Prefect's client send what it still holds, while there is a server to take it."""
    if "prefect" in sys.modules:
        from prefect.events.worker import EventsWorker
        from prefect.logging.handlers import APILogWorker

        EventsWorker.drain_all(timeout=10)
        APILogWorker.drain_all(timeout=10)


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """A terminated process would leave its servers running: end as on Ctrl-C."""

    def end(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _take_out_pointers(folder: Path) -> None:
    for name in [name for name in os.environ if name.startswith(POINTERS)]:
        del os.environ[name]
    nothing = str(folder / "none")
    os.environ.update(_QUIET, AWS_CONFIG_FILE=nothing, AWS_SHARED_CREDENTIALS_FILE=nothing, PGPASSFILE=nothing)
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"


def _restore(environ: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environ)


def _copy_project(target: Path) -> Path:
    copy_project(target)
    (target / "seeds" / "retention_periods.csv").write_text(PERIODS, encoding="utf-8")
    return target
