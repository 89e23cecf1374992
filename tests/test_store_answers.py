"""The purge's door to S3 against answers that moto does not give: what AWS documents, refuses and delays."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import pytest
from documented_s3 import UNVERSIONED, VERSIONED, Versions, answering, error, page_of
from fix_store import KEYS, connect, counted, files, purge
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from types_boto3_s3 import S3Client


def test_where_no_entry_is_dropped_a_page_after_a_leap_needs_no_second_look() -> None:
    """AWS, unlike moto, shows the first entry after a marker: 2,500 keys of one version are three pages."""
    keys = [f"att/{number}" for number in range(3000)]
    bucket = Versions([(key, "v") for key in keys])
    with answering(bucket) as endpoint:
        client = connect(endpoint)
        with counted(client) as requests:
            purged = purge(Store(client), files("store", *keys[:2500]))
    assert len(purged.gone) == 2500
    assert requests["ListObjectVersions"] <= 4
    assert sorted(bucket.left) == sorted((key, "v") for key in keys[2500:])


def test_m4_three_thousand_versions_and_markers_of_one_file_are_deleted() -> None:
    """The version from before versioning, id null, is one of them; neighbours on both sides stay."""
    own = [("att/1", f"{kind}-{number}") for number in range(1500) for kind in ("marker", "version")]
    neighbours = [("att/0", "null"), ("att/10", "a"), ("att/10", "b")]
    bucket = Versions([*neighbours, *own, ("att/1", "null")])
    with answering(bucket) as endpoint:
        purged = purge(Store(connect(endpoint)), files("store", "att/1"))
    assert (purged.gone, purged.failed) == ({1}, {})
    assert bucket.left == neighbours


def test_t36_a_version_id_of_a_key_that_starts_alike_is_never_taken_for_the_files_own() -> None:
    """In a suspended bucket all ids are null: a file put after the listing stays though att/10 had a null before."""
    bucket = Versions([("att/10", "null")])
    with answering(bucket) as endpoint:
        store = Store(connect(endpoint))
        listing = store.list_versions(files("store", "att/1"))
        bucket.left.append(("att/1", "null"))
        assert store.delete(listing, [1]).gone == {1}
    assert bucket.left == [("att/10", "null"), ("att/1", "null")]


@pytest.fixture(scope="module")
def documented() -> Iterator[tuple[Versions, S3Client]]:
    bucket = Versions([])
    with answering(bucket) as endpoint:
        yield bucket, connect(endpoint)


@settings(max_examples=40, deadline=None)
@given(
    stored=st.lists(KEYS, max_size=25),
    queued=st.lists(KEYS, min_size=1, max_size=12),
    workers=st.integers(1, 3),
    page=st.integers(1, 6),
)
def test_m4_leaping_misses_no_version_where_pages_follow_the_documentation(
    documented: tuple[Versions, S3Client], stored: list[str], queued: list[str], workers: int, page: int
) -> None:
    bucket, client = documented
    versions = [(key, f"v{number}") for number, key in enumerate(stored)]
    bucket.left, bucket.size = versions, page
    purged = purge(Store(client, workers=workers), files("store", *queued))
    assert (purged.gone, purged.failed) == (set(range(1, len(queued) + 1)), {})
    assert bucket.left == [row for row in versions if row[0] not in queued]


def test_t38_an_error_inside_a_200_fails_its_file_only() -> None:
    def answer(_method: str, _key: str, query: dict[str, str], _body: bytes) -> tuple[int, str]:
        codes = {"att/1": "AccessDenied", "att/2": "NoSuchKey", "att/3": "NoSuchVersion", "att/4": "about att/4!"}
        errors = [
            f"<Error><Key>{key}</Key><Code>{code}</Code><Message>m</Message></Error>" for key, code in codes.items()
        ]
        return UNVERSIONED if "versioning" in query else (200, f"<DeleteResult>{''.join(errors)}</DeleteResult>")

    with answering(answer) as endpoint:
        purged = purge(Store(connect(endpoint)), files("store", *(f"att/{number}" for number in range(1, 6))))
    assert (purged.gone, purged.failed) == ({2, 3, 5}, {1: "AccessDenied", 4: "UnknownError"})


def test_t38_one_version_refused_among_many_fails_the_file() -> None:
    """A file is gone only when all of its versions are, in whatever order and batch the refusal comes."""
    answers = iter(["AccessDenied", "NoSuchVersion", "InternalError"])

    def answer(_method: str, _key: str, query: dict[str, str], _body: bytes) -> tuple[int, str]:
        if "versioning" in query:
            return VERSIONED
        if "versions" in query:
            return page_of([("att/1", "a"), ("att/1", "b"), ("att/1", "c"), ("att/2", "d")], query)
        codes = [next(answers), next(answers)] if b"att/1" in _body else []
        errors = [f"<Error><Key>att/1</Key><Code>{code}</Code></Error>" for code in codes]
        return 200, f"<DeleteResult>{''.join(errors)}</DeleteResult>"

    with answering(answer) as endpoint:
        purged = purge(Store(connect(endpoint)), files("store", "att/1", "att/2"))
    assert (purged.gone, purged.failed) == ({2}, {1: "AccessDenied"})


def test_t38_an_error_about_a_key_that_was_not_asked_for_fails_the_batch() -> None:
    """A store that answers with a changed key leaves it open which file it means."""

    def answer(_method: str, _key: str, query: dict[str, str], _body: bytes) -> tuple[int, str]:
        text = "<DeleteResult><Error><Key>att/%201</Key><Code>AccessDenied</Code></Error></DeleteResult>"
        return UNVERSIONED if "versioning" in query else (200, text)

    with answering(answer) as endpoint:
        purged = purge(Store(connect(endpoint)), files("store", "att/ 1", "att/2"))
    assert (purged.gone, purged.failed) == (frozenset(), {1: "AccessDenied", 2: "AccessDenied"})


@pytest.mark.parametrize("code", ["MalformedXML", "MissingContentMD5", "InvalidRequest", "NotImplemented"])
def test_t39_where_batches_are_refused_versions_are_deleted_one_by_one(code: str) -> None:
    keys = ["att/1", "att/ +%25é", "att/2"]
    bucket = Versions([*((key, version) for key in keys for version in "ab"), ("att/10", "a")], refusal=error(code))
    with answering(bucket) as endpoint:
        purged = purge(Store(connect(endpoint), keys_per_call=4), files("store", *keys))
    assert (purged.gone, purged.failed) == ({1, 2, 3}, {})
    assert bucket.left == [("att/10", "a")]


@pytest.mark.parametrize(("code", "status"), [("AccessDenied", 403), ("SlowDown", 503), ("InternalError", 500)])
def test_t40_a_refused_batch_fails_its_files_and_no_other_batch(code: str, status: int) -> None:
    def answer(_method: str, _key: str, query: dict[str, str], body: bytes) -> tuple[int, str]:
        if "versioning" in query:
            return UNVERSIONED
        return error(code, status) if b"att/2" in body else (200, "<DeleteResult/>")

    with answering(answer) as endpoint:
        purged = purge(Store(connect(endpoint), keys_per_call=1), files("store", "att/1", "att/2", "att/3"))
    assert (purged.gone, purged.failed) == ({1, 3}, {2: code})


def test_a_store_in_trouble_is_not_asked_again_for_every_file() -> None:
    """One by one, a busy store would be hammered, and an unreachable one waited for, a thousand times."""
    asked = []

    def answer(_method: str, key: str, query: dict[str, str], _body: bytes) -> tuple[int, str]:
        if "versioning" in query:
            return UNVERSIONED
        asked.append(key)
        return error("NotImplemented", 501) if "delete" in query else error("SlowDown", 503)

    with answering(answer) as endpoint:
        purged = purge(Store(connect(endpoint)), files("store", *(f"att/{number}" for number in range(50))))
    assert set(purged.failed.values()) == {"SlowDown"}
    assert len(purged.failed) == 50
    assert len(asked) == 2


@pytest.mark.parametrize("code", ["AccessDenied", "NotImplemented"])
def test_where_versioning_cannot_be_asked_versions_are_listed(code: str) -> None:
    bucket = Versions([("att/1", "a"), ("att/1", "b"), ("att/2", "c")])

    def answer(method: str, key: str, query: dict[str, str], body: bytes) -> tuple[int, str]:
        return error(code, 403) if "versioning" in query else bucket(method, key, query, body)

    with answering(answer) as endpoint:
        assert purge(Store(connect(endpoint)), files("store", "att/1")).gone == {1}
    assert bucket.left == [("att/2", "c")]


def test_t40_a_key_that_may_not_be_listed_fails_and_the_others_go() -> None:
    keys = [f"att/{number}" for number in range(20)]
    bucket = Versions([(key, "v") for key in keys])

    def answer(method: str, key: str, query: dict[str, str], body: bytes) -> tuple[int, str]:
        is_refused = "versions" in query and query.get("prefix", "") in ("", "att/7")
        return error("AccessDenied", 403) if is_refused else bucket(method, key, query, body)

    with answering(answer) as endpoint:
        purged = purge(Store(connect(endpoint), workers=1), files("store", *keys))
    assert purged.failed == {8: "AccessDenied"}
    assert bucket.left == [("att/7", "v")]


@pytest.mark.parametrize(
    ("listed", "truncated"),
    [(["att/1", "att/1"], "true"), ([], "true"), (["att/a b"], "false"), (["att/1", "att/a b"], "true")],
    ids=["never advances", "empty and never ends", "another key", "another key among ours"],
)
def test_a_listing_that_cannot_be_believed_fails_its_file(listed: list[str], truncated: str) -> None:
    """A key that comes back changed, or a page that comes back again, must not make a file look gone."""
    text = "".join(f"<Version><Key>{escape(key)}</Key><VersionId>v</VersionId></Version>" for key in listed)
    text += f"<IsTruncated>{truncated}</IsTruncated><NextKeyMarker>att/1</NextKeyMarker>"

    def answer(_method: str, _key: str, query: dict[str, str], _body: bytes) -> tuple[int, str]:
        text_with_marker = f"{text}<NextVersionIdMarker>v</NextVersionIdMarker>"
        return (
            VERSIONED
            if "versioning" in query
            else (200, f"<ListVersionsResult>{text_with_marker}</ListVersionsResult>")
        )

    with answering(answer) as endpoint:
        purged = purge(Store(connect(endpoint)), files("store", "att/1"))
    assert (purged.gone, purged.failed) == (frozenset(), {1: "UnreadableListing"})


def test_a_store_that_does_not_answer_in_time_fails_its_files() -> None:
    def answer(*_: Any) -> tuple[int, str]:
        time.sleep(0.5)
        return UNVERSIONED

    with answering(answer) as endpoint:
        hasty = connect(endpoint, read_timeout=0.1)
        assert purge(Store(hasty), files("store", "att/1")).failed == {1: "ReadTimeoutError"}
