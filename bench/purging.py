"""The contests about files: objects a second against a bare pool of requests, and memory against the queue's length."""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
from botocore.config import Config

from bench.contests import Figure, open_run
from bench.platform import Server, Size
from bench.store import BUCKET, S3, key, s3
from flows.purge import PurgedFiles, Queue, purge_together
from flows.store import Store

THREADS = 8
FEW = 10  # of those that are listed one by one: moto reads the whole bucket for each
KEYS_PER_CALL = 1000
LINES = 5000  # of those that are deleted by a command each
S5CMD = Path(".venv-bench/bin/s5cmd")

QUEUE = """
    insert into retention.file_queue (run_id, environment_id, kind, bucket, object_key)
    select
        %s, (1 + n %% 20)::text, 'messages', %s,
        format('att/%%s/%%s.png', lpad((n / 1000)::text, 5, '0'), lpad(n::text, 8, '0'))
    from generate_series(0, %s - 1) as n
"""


def purging(server: Server, objects: int, turns: int) -> list[Figure]:
    """Contest 5. s5cmd is given a pattern, or a file of commands of one key each, or of as many as a request takes."""
    lines = min(objects, LINES)
    server.build("files", Size(messages=max(objects // 10, 1000), due=0))
    with s3() as store:
        os.environ.update(store.variables)
        speed = _in_turns(store, objects, 1, turns, {
            "product": lambda: _by_product(server, objects),
            "pool": lambda: _by_pool(objects),
            "s5cmd": lambda: _by_pattern(store, objects),
            "s5cmd by lines": lambda: _by_commands(store, lines, 1),
            "s5cmd by thousands": lambda: _by_commands(store, objects, KEYS_PER_CALL),
        })  # fmt: skip
    what = f"purging {objects:,} objects: {speed['product']:,.0f} objects/s"
    return [
        Figure("5", what, f"a pool of {THREADS} threads with delete_objects: {speed['pool']:,.0f} objects/s",
               f"{speed['product'] / speed['pool']:.2f}", "≥ 0.9"),
        Figure("5", "the same", f"s5cmd rm of all, which lists them: {speed['s5cmd']:,.0f} objects/s",
               f"{speed['product'] / speed['s5cmd']:.1f}", "≥ 3"),
        Figure("5", "the same", f"s5cmd, one rm a key, of {lines:,}: {speed['s5cmd by lines']:,.0f} objects/s",
               f"{speed['product'] / speed['s5cmd by lines']:.1f}", "≥ 3"),
        Figure("5", "the same", f"s5cmd, an rm for each thousand: {speed['s5cmd by thousands']:,.0f} objects/s",
               f"{speed['product'] / speed['s5cmd by thousands']:.1f}", ""),
    ]  # fmt: skip


def purging_versions(server: Server, objects: int) -> list[Figure]:
    """Contest 6."""
    few = min(objects, FEW)
    server.build("files", Size(messages=max(objects // 10, 1000), due=0))
    with s3() as store:
        os.environ.update(store.variables)
        speed = _in_turns(store, objects, 3, 1, {
            "product": lambda: _by_product(server, objects),
            "one by one": lambda: _one_by_one(few),
        })  # fmt: skip
    return [
        Figure("6", f"purging {objects:,} objects of 3 versions: {speed['product']:,.0f} objects/s",
               f"listing and deleting one by one, the first {few}: {speed['one by one']:,.1f} objects/s",
               f"{speed['product'] / speed['one by one']:.0f}", "≥ 5"),
    ]  # fmt: skip


def memory(server: Server, queued: tuple[int, int]) -> list[Figure]:
    """Contest 7: the most memory that a process held which purged a short and a long queue of files gone already."""
    server.build("files", Size(messages=1000, due=0))
    most: list[int] = []
    with s3() as store:
        store.fill(0)
        for number in queued:
            asked = [sys.executable, "-m", "bench.purging", str(server.folder), str(number)]
            said = subprocess.run(asked, env={**os.environ, **store.variables}, check=True, stdout=subprocess.PIPE)
            most.append(int(said.stdout.split()[-1]))
    short, long = (f"{number:,}" for number in queued)
    return [Figure("7", f"memory of the process, {long} files queued: {most[1] / 1024:,.0f} MB",
                   f"{short} queued: {most[0] / 1024:,.0f} MB", f"{most[1] / most[0]:.2f}", "≤ 1.2")]  # fmt: skip


def _in_turns(
    store: S3, keys: int, versions: int, turns: int, contestants: dict[str, Callable[[], tuple[int, float]]]
) -> dict[str, float]:
    """Objects a second of each contestant, each on a store that is filled anew: the median of its turns."""
    found: dict[str, list[float]] = {who: [] for who in contestants}
    for _ in range(turns):
        for who, work in contestants.items():
            store.fill(keys, versions)
            objects, seconds = work()
            if objects == keys and "Contents" in boto3.client("s3").list_objects_v2(Bucket=BUCKET, MaxKeys=1):
                raise SystemExit(f"Measuring: expected an empty bucket after {who}, found objects.")
            found[who].append(objects / seconds)
    return {who: statistics.median(speeds) for who, speeds in found.items()}


def _by_product(server: Server, objects: int) -> tuple[int, float]:
    with open_run(server, "files") as run:
        with server.connect("files") as connection:
            connection.execute(QUEUE, [run.run_id, BUCKET, objects])
            connection.execute("analyze retention.file_queue")
        began = time.monotonic()
        purged = purge_together(run.database, run.settings.retention_schema, Store(), run.run_id, Queue(), objects)
        seconds = time.monotonic() - began
    _must_be_gone(purged, objects)
    return objects, seconds


def _by_pool(objects: int) -> tuple[int, float]:
    client = boto3.client("s3", config=Config(max_pool_connections=THREADS))
    keys = [{"Key": key(number)} for number in range(objects)]

    def delete(begin: int) -> None:
        client.delete_objects(Bucket=BUCKET, Delete={"Objects": keys[begin : begin + KEYS_PER_CALL], "Quiet": True})

    began = time.monotonic()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(delete, range(0, objects, KEYS_PER_CALL)))
    return objects, time.monotonic() - began


def _by_pattern(store: S3, objects: int) -> tuple[int, float]:
    """As one uses it for a folder: it lists, and deletes what it lists a thousand a request."""
    return objects, _s5cmd(store, "rm", f"s3://{BUCKET}/*")


def _by_commands(store: S3, objects: int, keys_per_command: int) -> tuple[int, float]:
    """By a file of commands, as a queue would be."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as commands:
        for begin in range(0, objects, keys_per_command):
            keys = (f"s3://{BUCKET}/{key(number)}" for number in range(begin, min(begin + keys_per_command, objects)))
            commands.write(f"rm {' '.join(keys)}\n")
        commands.flush()
        return objects, _s5cmd(store, "run", commands.name)


def _s5cmd(store: S3, *asked: str) -> float:
    """The seconds that it took."""
    address = store.variables["AWS_ENDPOINT_URL_S3"]
    began = time.monotonic()
    subprocess.run(
        [S5CMD, "--numworkers", str(THREADS), "--endpoint-url", address, *asked],
        check=True, stdout=subprocess.DEVNULL, timeout=600,
    )  # fmt: skip
    return time.monotonic() - began


def _one_by_one(objects: int) -> tuple[int, float]:
    client = boto3.client("s3")
    began = time.monotonic()
    for number in range(objects):
        page = client.list_object_versions(Bucket=BUCKET, Prefix=key(number))
        for version in page.get("Versions", []):
            if version["Key"] == key(number):
                client.delete_object(Bucket=BUCKET, Key=version["Key"], VersionId=version["VersionId"])
    return objects, time.monotonic() - began


def _must_be_gone(purged: PurgedFiles, objects: int) -> None:
    if purged.purged != objects:
        raise SystemExit(f"Measuring: expected {objects:,} files purged, found {purged}.")


def _measure_memory(folder: Path, queued: int) -> None:
    """Purges a queue in this process, and prints the most memory it held, in kilobytes."""
    _by_product(Server({}, folder), queued)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)  # noqa: T201 - to the process that asked


if __name__ == "__main__":
    _measure_memory(Path(sys.argv[1]), int(sys.argv[2]))
