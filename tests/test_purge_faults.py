"""The purge against a store in trouble: one bad file never stops the rest, and what is left waits with its reason."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from batches import Batches
from faulty_store import HANG_UP, Front, Request, refusal
from fix_purge import NEIGHBOURS, a_day_passes, about, alarms, night, put, queue, queued
from fix_store import memory_of_store
from psycopg import sql

from flows.purge import FILES_PER_CLAIM, Queue, purge_files
from flows.store import Store

ODD = ("a b", "a+b", "a%2Bb", "é/日本/😀", "line\nbreak", "<&>\"'", "x" * 1024, "é" * 512)


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
            memory_of_store().delete_object(bucket, key)
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
