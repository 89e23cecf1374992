"""The killing of what works on a platform: flow, dbt session, database, file store."""

import os
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any

import psycopg
import pytest
from drawn_platform import AS_OF, CUTOFF
from outages import Front
from postgres_server import PostgresServer
from psycopg.rows import dict_row
from world import World

from flows.anonymize import run_once
from flows.lanes import Lane, start_lane
from flows.ledger import RunRequest
from flows.settings import read_settings

PATIENCE = 120.0

# The transaction that works batches, in pg_stat_activity.
BATCHES = "state <> 'idle' and query like '%do $anonymize$%' and pid <> pg_backend_pid()"

# Each statement of a batch waits, so that there is a middle to be killed in.
SLOW_DOWN = """
    create function platform.wait() returns trigger language plpgsql as
    $$ begin perform pg_sleep(0.01); return null; end $$;
    create trigger wait after update on platform.messages for each statement execute function platform.wait();
    create trigger wait after update on platform.users for each statement execute function platform.wait();
    create trigger wait after update on platform.custom_events for each statement execute function platform.wait()
"""


@dataclass
class Killer:
    """Ends what works on the platform, at points drawn from a seed; remembers which ends came while a run was at work."""

    world: World
    server: PostgresServer
    front: Front
    draw: Random
    kills: list[tuple[str, str, bool]] = field(default_factory=list)

    def flow(self) -> None:
        """SIGKILL of the command, somewhere in its batches or its purge."""
        process = subprocess.Popen(
            self.world.command_line("run", "--approve-all", "--as-of", AS_OF),
            env={**os.environ, **self.world.environ},
            cwd=self.world.project_dir,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            with self._watch() as look:
                point = self._point(look)
                _wait_for(lambda: process.poll() is not None or self._done(look) >= point)
        finally:
            is_at_work = process.poll() is None
            process.send_signal(signal.SIGKILL)
            process.wait(timeout=30)
            self.kills.append(("flow", f"row {point}", is_at_work))

    def database(self) -> None:
        """The server stops at once, and is there again a moment later."""

        def kill() -> None:
            with self._watch() as look:
                point = self._point(look)
                _wait_for(lambda: ended.is_set() or self._done(look) >= point)
                is_at_work = self._is_at_work(look)
            self.server.stop_at_once()
            self.kills.append(("database", f"row {point}", is_at_work))
            self.server.start()

        ended = threading.Event()
        with suppress(Exception):  # whatever a lost database makes of it
            self._beside(ended, kill)
        self.world.connection = self._connect()

    def session_and_store(self) -> None:
        """The session that works batches is terminated twice, in one run; then the store goes away twice in its purge."""

        def kill() -> None:
            with self._watch() as look:
                first = self._terminate(look, self._point(look), 0, ended)
                self._terminate(look, 0, first, ended)
                _wait_for(lambda: ended.is_set() or not look(f"select 1 from pg_stat_activity where {BATCHES}"))
                for _ in range(2):
                    self._take_away(look, ended)

        ended = threading.Event()
        self._beside(ended, kill)

    def lane(self) -> None:
        """SIGKILL of the second lane's process alone, while the first one goes on."""

        def kill() -> None:
            with self._watch() as look:
                point = self._point(look)
                _wait_for(lambda: ended.is_set() or (bool(started) and self._done(look) >= point))
                is_at_work = bool(started) and started[0].process.poll() is None
                if started:
                    started[0].process.kill()
                self.kills.append(("lane", f"row {point}", is_at_work))

        def start(*arguments: Any) -> Lane:
            started.append(start_lane(*arguments))
            return started[-1]

        ended = threading.Event()
        started: list[Lane] = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("flows.acting.start_lane", start)
            self._beside(ended, kill, lanes=2)

    def last_run(self, lanes: int | None = None) -> Any:
        return run_once(read_settings(self.world.project_dir), RunRequest(as_of=AS_OF, is_approved=True, lanes=lanes))

    def _beside(self, ended: threading.Event, kill: Callable[[], None], lanes: int | None = None) -> None:
        """A run in this thread, its end in another."""
        errors: list[BaseException] = []

        def guarded() -> None:
            try:
                kill()
            except BaseException as error:  # noqa: BLE001 - raised by the test's thread
                errors.append(error)

        killer = threading.Thread(target=guarded)
        killer.start()
        try:
            self.last_run(lanes)
        finally:
            ended.set()
            killer.join()
            if errors:
                raise AssertionError("the killer failed") from errors[0]

    def _terminate(self, look: Callable[..., Any], point: int, other_than: int, ended: threading.Event) -> int:
        found: list[dict[str, Any]] = []

        def is_there() -> bool:
            found[:] = look(f"select pid from pg_stat_activity where {BATCHES} and pid <> {other_than}")
            return ended.is_set() or bool(found and self._done(look) >= point)

        _wait_for(is_there)
        time.sleep(self.draw.uniform(0, 0.05))
        hit = bool(found) and look(f"select pg_terminate_backend({found[0]['pid']}) as hit")[0]["hit"]
        self.kills.append(("session", f"row {point}", bool(hit) and not ended.is_set()))
        return int(found[0]["pid"]) if found else 0

    def _take_away(self, look: Callable[..., Any], ended: threading.Event) -> None:
        refuse, after = self.draw.random() < 0.5, self.draw.randint(1, 6)
        begin = self.front.pieces
        _wait_for(lambda: ended.is_set() or self.front.pieces >= begin + after)
        has_work = bool(look("select 1 from retention.file_queue limit 1"))
        self.front.go_away(refuse=refuse)
        time.sleep(self.draw.uniform(0.05, 0.4))
        self.front.come_back()
        how = "refused" if refuse else "reset"
        self.kills.append(("store", f"{how} after {after} pieces", has_work and not ended.is_set()))

    def _point(self, look: Callable[..., Any]) -> int:
        """A share of the rows that are left, on top of what is done."""
        left = look(
            "select count(*) as n from platform.messages where anonymized_on is null and created_at < %s", CUTOFF
        )
        return self._done(look) + self.draw.randint(left[0]["n"] // 10, left[0]["n"] // 3 + 1)

    @staticmethod
    def _done(look: Callable[..., Any]) -> int:
        if not look("select to_regclass('retention.run_lines') as name")[0]["name"]:
            return 0
        return int(look("select coalesce(sum(anonymized + files_purged), 0) as n from retention.run_lines")[0]["n"])

    @staticmethod
    def _is_at_work(look: Callable[..., Any]) -> bool:
        return bool(look("select 1 from retention.runs where finished_at is null"))

    def _watch(self) -> "_Watch":
        return _Watch(self._connect())

    def _connect(self) -> psycopg.Connection[dict[str, Any]]:
        return psycopg.connect(autocommit=True, row_factory=dict_row, application_name="watcher")


class _Watch:
    def __init__(self, connection: psycopg.Connection[dict[str, Any]]) -> None:
        self._connection = connection

    def __enter__(self) -> Callable[..., list[dict[str, Any]]]:
        return lambda query, *parameters: self._connection.execute(query, parameters or None).fetchall()

    def __exit__(self, *_: object) -> None:
        self._connection.close()


def _wait_for(condition: Callable[[], bool]) -> None:
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < PATIENCE, "what was waited for did not come"
        time.sleep(0.003)


def landed(kills: list[tuple[str, str, bool]]) -> tuple[int, str]:
    """How many kills came while a run was at work; all of them, to be read."""
    hit = Counter(kind for kind, _, is_at_work in kills if is_at_work)
    listed = "; ".join(f"{kind} at {point}{'' if at_work else ' (too late)'}" for kind, point, at_work in kills)
    return sum(hit.values()), f"{dict(hit)}: {listed}"
