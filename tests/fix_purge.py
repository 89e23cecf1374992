"""Files in the purge's queue, before a store that does as it is told."""

from collections.abc import Iterator

import pytest
from batches import Batches
from faulty_store import Fault, Front, Request, faulty_store
from fix_store import memory_of_store

from flows.database import Database
from flows.purge import PurgedFiles, Queue, purge_files
from flows.status import read_status
from flows.store import Store

NEIGHBOURS = ("att/a", "att/b", "att/c")


@pytest.fixture
def front(batches: Batches, monkeypatch: pytest.MonkeyPatch) -> Iterator[Front]:
    """The store, behind a front that does as it is told."""
    with faulty_store(batches.world.environ["AWS_ENDPOINT_URL_S3"]) as front:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", front.url)
        yield front


def queue(batches: Batches, *keys: str, bucket: str = "files", stored: bool = True) -> None:
    for key in keys:
        if stored:
            put(key, bucket)
        batches.world.connection.execute(
            "insert into retention.file_queue (run_id, environment_id, kind, bucket, object_key)"
            " values (1, '1', 'messages', %s, %s)",
            (bucket, key),
        )


def put(key: str, bucket: str = "files") -> None:
    memory_of_store().put_object(bucket, key, b"abc")


def night(batches: Batches) -> PurgedFiles:
    with batches.night() as (database, run_id):
        return purge_files(database, Store(), run_id, Queue())


def queued(batches: Batches) -> dict[str, tuple[int, str]]:
    rows = batches.world.rows("select object_key, attempts, failure from retention.file_queue order by file_id")
    return {row["object_key"]: (row["attempts"], row["failure"]) for row in rows}


def a_day_passes(batches: Batches, hours: int = 24) -> None:
    batches.world.connection.execute(
        "update retention.file_queue set queued_at = queued_at - make_interval(hours => %s)", (hours,)
    )


def alarms(batches: Batches) -> list[str]:
    said = read_status(Database(batches.world.connection, "retention")).alarms
    return [alarm for alarm in said if "files" in alarm]


def about(key: str, answer: object) -> Fault:
    """A fault of one key: of the batch that names it, where only whole requests can fail."""

    def fault(request: Request) -> object:
        return answer if request.is_batch and f"<Key>{key}</Key>".encode() in request.body else None

    return fault
