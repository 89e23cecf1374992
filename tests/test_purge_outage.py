"""The purge against a store that is itself in trouble: asked again, left alone soon, and made up for the next night."""

import re
import time
from collections import Counter
from types import SimpleNamespace

import pytest
from batches import Batches
from faulty_store import HANG_UP, Front, Request, refusal
from fix_purge import NEIGHBOURS, night, queue, queued

from flows.s3_answers import is_of_store


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the client would have slept between its tries, in seconds; it sleeps less here."""
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        time.sleep(min(seconds, 0.01))

    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(**vars(time) | {"sleep": sleep}))
    return slept


def test_a_busy_store_is_asked_again_after_pauses_and_the_files_go(
    batches: Batches, front: Front, pauses: list[float]
) -> None:
    """SlowDown, then 503, then the answer, of each request that is made."""
    seen: Counter[str] = Counter()

    def fault(request: Request) -> object:
        asked = f"{request.method} {request.path}?{request.query}"
        seen[asked] += 1
        return (None, refusal("SlowDown", 503), (503, b"busy"))[seen[asked] % 3]

    front.fault = fault
    queue(batches, *NEIGHBOURS, bucket="versioned")
    purged = night(batches)
    assert (purged.purged, dict(purged.failed)) == (3, {})
    assert len(pauses) >= 4
    assert sum(pauses) > 0
    assert batches.world.keys("versioned") == set()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(refusal("InternalError", 500), "InternalError"), ((502, b"<html>bad gateway</html>"), "502"), (HANG_UP, None)],
    ids=["InternalError", "a proxy's 502", "connection reset"],
)  # fmt: skip
def test_a_store_that_stays_down_is_left_alone_soon_and_its_files_wait_for_the_next_night(
    batches: Batches,
    front: Front,
    pauses: list[float],
    monkeypatch: pytest.MonkeyPatch,
    answer: object,
    reason: str | None,
) -> None:
    monkeypatch.setattr("flows.purge.FILES_PER_CLAIM", 2)
    queue(batches, *(f"att/{number}" for number in range(10)))
    front.fault = lambda _: answer
    purged = night(batches)
    assert (purged.purged, sum(purged.failed.values())) == (0, 6), "three claims of two, then it is left alone"
    assert front.count() <= 3 * 5, "five tries for each"
    assert len(pauses) == 3 * 4
    if reason:
        assert set(purged.failed) == {reason}
    assert all(re.fullmatch("[A-Za-z0-9]+", code) for code in purged.failed)
    assert [attempts for attempts, _ in queued(batches).values()] == [1] * 6 + [0] * 4
    front.fault = lambda _: None
    assert night(batches).purged == 10
    assert batches.world.keys() == set()


@pytest.mark.parametrize(
    "reason", ["SlowDown", "503", "ReadTimeoutError", "SSLError", "NoCredentials", "InternalError"]
)
def test_the_stores_own_trouble_is_told_from_trouble_with_a_file(reason: str) -> None:
    assert is_of_store(reason)
    assert not any(
        map(is_of_store, ["AccessDenied", "NoSuchBucket", "InvalidKey", "ParamValidationError", "UnknownError"])
    )


def test_a_connection_that_is_reset_once_is_opened_again(batches: Batches, front: Front) -> None:
    """Also when the store had deleted already: deleting what is gone is no failure."""
    front.fault = lambda request: HANG_UP if request.is_batch and front.count(lambda r: r.is_batch) == 1 else None
    queue(batches, *NEIGHBOURS)
    assert night(batches).purged == 3
    assert queued(batches) == {}


def test_an_answer_that_comes_too_late_leaves_the_files_for_the_next_night(
    batches: Batches, front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files are gone by then, which nobody was told: the next night finds nothing, and that is done."""
    from botocore.config import Config

    monkeypatch.setattr(Config, "merge", lambda _, __: Config(read_timeout=0.2, retries={"total_max_attempts": 1}))
    front.fault = lambda request: 0.6 if request.is_batch else None
    queue(batches, *NEIGHBOURS)
    assert dict(night(batches).failed) == {"ReadTimeoutError": 3}
    deadline = time.monotonic() + 5
    while batches.world.keys() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert batches.world.keys() == set()
    assert set(queued(batches).values()) == {(1, "ReadTimeoutError")}
    monkeypatch.undo()
    assert night(batches).purged == 3
    assert queued(batches) == {}


def test_a_right_to_list_versions_that_is_missing_deletes_nothing(batches: Batches, front: Front) -> None:
    """T35: a delete without version ids would hide the file, and call it gone."""
    front.fault = lambda request: refusal("AccessDenied", 403) if request.is_listing else None
    queue(batches, "att/1", bucket="versioned")
    assert dict(night(batches).failed) == {"AccessDenied": 1}
    assert front.count(lambda request: request.is_batch or request.method == "DELETE") == 0
    assert batches.world.keys("versioned") == {"att/1"}
