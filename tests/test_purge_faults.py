"""The purge against a store in trouble: one bad file never stops the rest, and what is left waits with its reason."""

import logging
import re
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from batches import Batches
from faulty_store import HANG_UP, Fault, Front, Request, faulty_store, refusal
from moto.s3.models import s3_backends
from psycopg import sql

from flows.database import Database
from flows.purge import FILES_PER_CLAIM, PurgedFiles, Queue, purge_files
from flows.s3_answers import is_of_store
from flows.status import read_status
from flows.store import Store

NEIGHBOURS = ("att/a", "att/b", "att/c")
ODD = ("a b", "a+b", "a%2Bb", "é/日本/😀", "line\nbreak", "<&>\"'", "x" * 1024, "é" * 512)


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
    """Into moto's memory: over HTTP it does not take every key that S3 takes."""
    s3_backends["123456789012"]["aws"].put_object(bucket, key, b"abc")


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


# One bad file


@pytest.mark.parametrize("bucket", ["files", "versioned"])
@pytest.mark.parametrize("code", ["AccessDenied", "InternalError", "SlowDown", "InvalidObjectState"])
def test_t38_a_key_that_fails_inside_a_200_stays_and_no_other(
    batches: Batches, front: Front, bucket: str, code: str
) -> None:
    """The store takes the rest of the batch, and says so of one key only."""
    queue(batches, "att/a", "att/bad", "att/c", bucket=bucket)
    client = batches.world.s3

    def fault(request: Request) -> object:
        if not request.is_batch:
            return None
        for key in ("att/a", "att/c"):
            for listed in client.list_object_versions(Bucket=bucket, Prefix=key).get("Versions", []):
                client.delete_object(Bucket=bucket, Key=key, VersionId=listed["VersionId"])
        return 200, (f"<DeleteResult><Error><Key>att/bad</Key><Code>{code}</Code></Error></DeleteResult>").encode()

    front.fault = fault
    purged = night(batches)
    assert (purged.purged, dict(purged.failed)) == (2, {code: 1})
    assert queued(batches) == {"att/bad": (1, code)}
    assert batches.world.keys(bucket) == {"att/bad"}
    front.fault = lambda _: None
    assert night(batches).purged == 1
    assert (queued(batches), batches.world.keys(bucket)) == ({}, set())


def test_t40_a_locked_and_a_held_version_stay_and_no_other(batches: Batches) -> None:
    """Object lock and legal hold, of the store itself; the run's line counts what failed."""
    world = batches.world
    world.s3.create_bucket(Bucket="locked", ObjectLockEnabledForBucket=True)
    queue(batches, "att/held", "att/locked", "att/free", bucket="locked")
    until = datetime.now(UTC) + timedelta(days=1)
    world.s3.put_object_legal_hold(Bucket="locked", Key="att/held", LegalHold={"Status": "ON"})
    world.s3.put_object_retention(
        Bucket="locked", Key="att/locked", Retention={"Mode": "COMPLIANCE", "RetainUntilDate": until}
    )
    queue(batches, *NEIGHBOURS)
    with batches.night() as (database, run_id):
        purged = purge_files(database, Store(), run_id, Queue())
        (line,) = [line for line in database.rows("lines", run_id=run_id) if line["kind"] == "messages"]
    assert (purged.purged, dict(purged.failed)) == (4, {"AccessDenied": 2})
    assert (line["files_purged"], line["files_failed"]) == (4, 2)
    assert queued(batches) == {"att/held": (1, "AccessDenied"), "att/locked": (1, "AccessDenied")}
    assert world.keys("locked") == {"att/held", "att/locked"}
    world.s3.put_object_legal_hold(Bucket="locked", Key="att/held", LegalHold={"Status": "OFF"})
    assert night(batches).purged == 1
    assert queued(batches) == {"att/locked": (2, "AccessDenied")}


def test_a_missing_bucket_and_impossible_keys_keep_nobody_else(batches: Batches) -> None:
    queue(batches, "att/1", bucket="no-such-bucket", stored=False)
    queue(batches, "att/2", bucket="Not A Bucket", stored=False)
    queue(batches, "x" * 1025, "\u00e9" * 513, stored=False)
    queue(batches, "att/3", bucket="", stored=False)
    queue(batches, *NEIGHBOURS)
    purged = night(batches)
    assert purged.purged == 3
    expected = {"NoSuchBucket": 1, "ParamValidationError": 1, "InvalidKey": 2, "NoBucket": 1}
    assert dict(purged.failed) == expected
    assert batches.world.keys() == set()


@pytest.mark.parametrize("bucket", ["files", "versioned"])
def test_m4_queued_odd_keys_go_with_every_version_and_those_alike_stay(batches: Batches, bucket: str) -> None:
    world = batches.world
    alike = {"a", "a b ", "a+b+", "a%2B", "line", "x" * 1023, "é" * 511, "a%252Bb"}
    for key in alike:
        put(key, bucket)
    queue(batches, *ODD, bucket=bucket)
    if bucket == "versioned":
        for key in ODD:
            put(key, bucket)
            s3_backends["123456789012"]["aws"].delete_object(bucket, key)
    assert night(batches).purged == len(ODD)
    assert (queued(batches), world.keys(bucket)) == ({}, alike)


def test_many_files_that_never_go_do_not_keep_the_others_from_going(
    batches: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More claims in a row that fail as a whole than end the purge of a store that is down."""
    monkeypatch.setattr("flows.purge.FILES_PER_CLAIM", 2)
    assert FILES_PER_CLAIM == 1000
    queue(batches, *(f"att/{number}" for number in range(9)), bucket="no-such-bucket", stored=False)
    queue(batches, *NEIGHBOURS)
    purged = night(batches)
    assert (purged.purged, dict(purged.failed)) == (3, {"NoSuchBucket": 9})
    assert batches.world.keys() == set()


def test_t39_a_store_that_wants_content_md5_gets_its_files_deleted_one_by_one(batches: Batches, front: Front) -> None:
    front.fault = lambda request: (
        refusal("MissingContentMD5", 400) if request.is_batch and "content-md5" not in request.headers else None
    )
    queue(batches, *NEIGHBOURS)
    queue(batches, *NEIGHBOURS, bucket="versioned")
    assert night(batches).purged == 6
    assert batches.world.keys() == batches.world.keys("versioned") == set()


# The store itself


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


# Night after night


def test_status_turns_red_after_three_nights_and_green_again(batches: Batches, front: Front) -> None:
    """T46: with the reason, without the key."""
    front.fault = about("att/jean-dupont", refusal("AccessDenied", 403))
    queue(batches, "att/jean-dupont")
    for attempts in (1, 2):
        night(batches)
        assert queued(batches) == {"att/jean-dupont": (attempts, "AccessDenied")}
        a_day_passes(batches, 23)
        assert alarms(batches) == [], "one or two nights may fail"
        a_day_passes(batches, 1)
    night(batches)
    assert alarms(batches) == ["environment 1: 1 files are stuck: failed on three nights: AccessDenied."]
    front.fault = lambda _: None
    night(batches)
    assert (alarms(batches), queued(batches)) == ([], {})


def test_three_tries_by_hand_in_one_day_are_not_three_nights(batches: Batches, front: Front) -> None:
    front.fault = about("att/1", refusal("AccessDenied", 403))
    queue(batches, "att/1")
    for _ in range(3):
        night(batches)
    assert queued(batches) == {"att/1": (3, "AccessDenied")}
    assert alarms(batches) == []


@pytest.mark.parametrize(
    ("attempts", "hours", "alarm"),
    [(0, 25, None), (0, 27, "not tried for more than 26 hours"), (1, 73, None), (1, 75, "queued for more than 74 hours")],
)  # fmt: skip
def test_a_file_that_no_night_comes_to_turns_status_red(
    batches: Batches, attempts: int, hours: int, alarm: str | None
) -> None:
    queue(batches, "att/1")
    batches.world.connection.execute("update retention.file_queue set attempts = %s", (attempts,))
    a_day_passes(batches, hours)
    assert alarms(batches) == ([f"environment 1: 1 files are stuck: {alarm}."] if alarm else [])


@pytest.mark.parametrize(
    "answer", [refusal("AccessDenied", 403, "att/jean-dupont"), refusal("att/jean-dupont", 400), HANG_UP]
)
def test_b2_no_key_is_logged_or_kept_as_a_reason(
    batches: Batches, front: Front, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], answer: object
) -> None:
    caplog.set_level(logging.DEBUG)
    queue(batches, "att/jean-dupont", "att/other")
    front.fault = lambda request: answer if request.is_batch else None
    purged = night(batches)
    told = caplog.text + repr(purged) + "".join(capfd.readouterr())
    kept = batches.world.rows("select failure from retention.file_queue")
    told += repr(kept) + _text_of(batches, "runs", "run_lines")
    assert kept
    assert "jean" not in told


def _text_of(batches: Batches, *tables: str) -> str:
    found: list[Any] = []
    for table in tables:
        query = sql.SQL("select t::text as text from retention.{} as t").format(sql.Identifier(table))
        found += batches.world.connection.execute(query).fetchall()
    return repr(found)
