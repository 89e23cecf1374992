"""Several workers on one queue: each file once, the counts of all in the ledger, nothing after the run's end."""

from threading import current_thread, main_thread
from time import sleep

import pytest
from batches import Batches

from flows import purge
from flows.purge import PurgedFiles, Queue, purge_files, purge_together

pytestmark = pytest.mark.xdist_group("batches")


@pytest.fixture(autouse=True)
def small_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purge, "FILES_PER_CLAIM", 5)


def queue(batches: Batches, files: int) -> None:
    """Files of three environments; the store refuses the bucket of every tenth, a living row names every seventh."""
    world = batches.world
    world.environment(2)
    world.environment(3)
    world.connection.execute(
        "insert into retention.file_queue (run_id, environment_id, kind, bucket, object_key)"
        " select 1, (1 + n %% 3)::text, 'messages', case when n %% 10 = 0 then 'nowhere' else 'files' end, 'key/' || n"
        " from generate_series(1, %s) as n",
        (files,),
    )
    message = world.message(None)
    for number in range(1, files + 1):
        world.put(f"key/{number}")
        if number % 7 == 0 and number % 10:
            world.attachment(message, f"key/{number}")


def together(batches: Batches, files: int) -> tuple[PurgedFiles, list[tuple[int, ...]]]:
    with batches.night() as (database, run_id):
        purged = purge_together(database, "retention", batches.store, run_id, Queue(), files)
        lines = [line for line in database.rows("lines", run_id=run_id) if line["kind"] == "messages"]
    return purged, [(line["files_purged"], line["files_spared"], line["files_failed"]) for line in lines]


def test_u2_several_workers_take_each_file_once(batches: Batches) -> None:
    queue(batches, 90)
    purged, lines = together(batches, 90)
    spared = [n for n in range(1, 91) if n % 7 == 0 and n % 10]
    assert (purged.purged, purged.spared, dict(purged.failed)) == (
        90 - 9 - len(spared),
        len(spared),
        {"NoSuchBucket": 9},
    )
    assert tuple(map(sum, zip(*lines, strict=True))) == (purged.purged, purged.spared, 9)
    left = batches.world.rows("select attempts, object_key from retention.file_queue order by file_id")
    assert [(row["attempts"], row["object_key"]) for row in left] == [(1, f"key/{n}") for n in range(10, 91, 10)]
    assert batches.world.keys() == {f"key/{n}" for n in spared} | {f"key/{n}" for n in range(10, 91, 10)}


def test_a_worker_takes_nothing_once_its_run_is_closed(batches: Batches) -> None:
    """A flow that died is closed and sealed by the next one: what a worker of it purged then would break the chain."""
    queue(batches, 9)
    with batches.night() as (database, run_id):
        pass
    with batches.night() as (database, _):
        assert purge_files(database, batches.store, run_id, Queue()).purged == 0
    assert batches.world.one("select count(*) as n from retention.file_queue")["n"] == 9


def test_a_worker_that_gets_no_session_is_one_fewer(batches: Batches, monkeypatch: pytest.MonkeyPatch) -> None:
    queue(batches, 20)
    with batches.night() as (database, run_id):
        monkeypatch.setenv("PGUSER", "nobody")
        purged = purge_together(database, "retention", batches.store, run_id, Queue(), 20)
    assert (purged.purged, purged.spared, dict(purged.failed)) == (16, 2, {"NoSuchBucket": 2})


def test_what_ends_one_worker_ends_the_others_after_their_claim(batches: Batches) -> None:
    """An interrupt reaches the main thread alone; no other goes on deleting."""
    queue(batches, 90)
    with batches.night() as (database, run_id):

        def interrupted() -> bool:
            if current_thread() is main_thread():
                raise KeyboardInterrupt
            sleep(0.05)
            return False

        with pytest.raises(KeyboardInterrupt):
            purge_together(database, "retention", batches.store, run_id, Queue(), 90, interrupted)
    assert batches.world.one("select count(*) as n from retention.file_queue")["n"] > 90 - 3 * 2 * 5
