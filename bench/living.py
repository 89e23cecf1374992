"""The contests on a platform at work: what it notices of a run, and what ten nights leave on disk."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.contests import Figure, by_product, open_run
from bench.platform import Server, Size
from flows import ledger
from flows.maintenance import maintain

ALONE_SECONDS = 20.0
NIGHTS = 10


@dataclass(slots=True)
class Loaded:
    """What a load came to: operations a second, and the 99th percentile of their times in milliseconds."""

    speed: float = 0.0
    p99: float = 0.0


def living(server: Server, due: int, seconds: float = ALONE_SECONDS) -> list[Figure]:
    """Contest 8."""
    server.build("live", Size(messages=due + due // 2, due=due))
    most = _load_alone("live", seconds / 2, 0).speed
    server.build("live", Size(messages=due + due // 2, due=due))
    alone = _load_alone("live", seconds, most / 3)
    with _load("live", most / 3) as beside:
        by_product(server, "live")
    what = f"{most / 3:,.0f} reads and writes a second beside a run over {due:,}"
    return [
        Figure("8", f"{what}: p99 {beside.p99:.1f} ms", f"without a run: {alone.p99:.1f} ms",
               f"{beside.p99 / alone.p99:.2f}", "≤ 1.5"),
        Figure("8", f"the same: {beside.speed:,.0f} a second", f"without a run: {alone.speed:,.0f} a second",
               f"{beside.speed / alone.speed:.2f}", "≥ 0.8"),
    ]  # fmt: skip


def ten_nights(server: Server, stored: int, due: int) -> list[Figure]:
    """Contest 9, the size of the table: ten nights with their maintenance, each over two of twenty environments."""
    server.build("ten", Size(messages=stored, due=NIGHTS * due))
    before = _table_size(server)
    for night in range(NIGHTS):
        with open_run(server, "ten", (str(2 * night + 1), str(2 * night + 2))) as run:
            ledger.open_lines(run.database, run.run_id, run.request)
            broken = [result.name for result in run.project.anonymize() if result.is_broken]
            if left := [*broken, *maintain(run.database, run.run_id, run.request.residue)]:
                raise SystemExit(f"Measuring: expected every night to end as done, found {left}.")
    after = _table_size(server)
    return [Figure("9", f"the table after {NIGHTS} nights of {due:,} rows: {after / 2**20:,.0f} MB",
                   f"before: {before / 2**20:,.0f} MB", f"{after / before:.2f}", "≤ 1.1")]  # fmt: skip


def _table_size(server: Server) -> int:
    with server.connect("ten") as connection:
        ((size,),) = connection.execute("select pg_table_size('platform.messages')")
    return int(size)


def _load_alone(name: str, seconds: float, rate: float) -> Loaded:
    with _load(name, rate, seconds) as loaded:
        pass
    return loaded


@contextmanager
def _load(name: str, rate: float, seconds: float = 0) -> Iterator[Loaded]:
    """A load beside what is within, or for so many seconds; its figures are there afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.load", str(seconds), str(rate)],
        env={**os.environ, "PGDATABASE": name},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    loaded = Loaded()
    try:
        yield loaded
    finally:
        said, _ = process.communicate("" if not seconds else None)
    found = json.loads(said)
    loaded.speed, loaded.p99 = found["operations"] / found["seconds"], found["p99"]
