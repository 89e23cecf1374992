"""The purge's door to S3, against moto's server over HTTP; what moto never does (refuse, stall, lie) comes from a few
lines of HTTP server that answer as S3 does. moto's own memory is used to fill large buckets and to see what is left.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections import Counter
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote_plus, unquote, urlsplit
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import boto3
import pytest
from botocore.config import Config
from hypothesis import given, settings
from hypothesis import strategies as st
from moto.s3.models import s3_backends
from moto.server import ThreadedMotoServer

from flows.store import QueuedFile, Store

pytestmark = pytest.mark.xdist_group("store")

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from types_boto3_s3 import S3Client

    Answer = Callable[[str, str, dict[str, str], bytes], tuple[int, str]]

ODD_KEYS = [
    "att/with space.png",
    " leading and trailing ",
    "att/a+b",
    "att/100%25",
    "att/é/日本/😀",
    "att/<&>\"'",
    "att/line\nbreak",
    "./../att//x/",
    "x" * 1024,
    "é" * 512,
    "😀" * 256,
    "\ue000",
    "\x7f",
]


def connect(endpoint: str, *, read_timeout: float = 20) -> S3Client:
    """Return a client that tries once: a test of trouble need not wait for retries."""
    config = Config(
        retries={"total_max_attempts": 1}, connect_timeout=2, read_timeout=read_timeout, max_pool_connections=16
    )
    known = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
    return boto3.client("s3", endpoint_url=endpoint, config=config, **known)


def files(bucket: str, *keys: str) -> list[QueuedFile]:
    return [QueuedFile(number, bucket, key) for number, key in enumerate(keys, start=1)]


def purge(store: Store, queued: list[QueuedFile]) -> Any:
    return store.delete(store.list_versions(queued), [file.file_id for file in queued])


@contextmanager
def counted(client: S3Client) -> Iterator[Counter[str]]:
    """Count the requests of a client by operation."""
    requests: Counter[str] = Counter()

    def count(model: Any, **_: Any) -> None:
        requests[model.name] += 1

    client.meta.events.register("before-call.s3", count)
    yield requests
    client.meta.events.unregister("before-call.s3", count)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def client(endpoint: str) -> S3Client:
    return connect(endpoint)


@pytest.fixture
def store(client: S3Client) -> Store:
    return Store(client)


class Bucket:
    """One bucket of moto: filled by HTTP or, in bulk, in moto's memory; `left` is what is there, in memory."""

    def __init__(self, client: S3Client, *statuses: str) -> None:
        self.client, self.name = client, f"store-{uuid.uuid4()}"
        client.create_bucket(Bucket=self.name)
        for status in statuses:
            self.version(status)

    def version(self, status: Any) -> None:
        self.client.put_bucket_versioning(Bucket=self.name, VersioningConfiguration={"Status": status})

    def put(self, *keys: str) -> None:
        for key in keys:
            s3_backends["123456789012"]["aws"].put_object(self.name, key, f"body of {key}".encode())

    def hide(self, key: str) -> None:
        s3_backends["123456789012"]["aws"].delete_object(self.name, key)

    def left(self) -> dict[str, list[str]]:
        keys = s3_backends["123456789012"]["aws"].get_bucket(self.name).keys
        return {key: sorted(item.version_id for item in items) for key, items in keys.iterlists()}

    def body(self, key: str) -> bytes:
        return self.client.get_object(Bucket=self.name, Key=key)["Body"].read()


@pytest.fixture
def versioned(client: S3Client) -> Bucket:
    return Bucket(client, "Enabled")


@pytest.fixture
def unversioned(client: S3Client) -> Bucket:
    return Bucket(client)


# What goes and what stays


def test_m4_every_version_of_a_file_is_deleted(store: Store, versioned: Bucket) -> None:
    """Old versions, the current one and delete markers go; another file keeps all of its own, to the byte."""
    versioned.put("att/1", "att/1", "att/2", "att/2")
    versioned.hide("att/1")
    versioned.put("att/1")
    versioned.hide("att/1")
    before = versioned.left()
    purged = purge(store, files(versioned.name, "att/1"))
    assert (purged.gone, purged.failed) == ({1}, {})
    assert versioned.left() == {"att/2": before["att/2"]}
    assert versioned.body("att/2") == b"body of att/2"


def test_m4_a_suspended_bucket_loses_the_versions_of_all_its_times(store: Store, client: S3Client) -> None:
    """The version from before versioning (id null) and those from its time are all listed and deleted."""
    bucket = Bucket(client)
    bucket.put("att/1", "att/2")
    bucket.version("Enabled")
    bucket.put("att/1", "att/2")
    bucket.version("Suspended")
    before = bucket.left()
    assert "null" in before["att/1"]
    with counted(client) as requests:
        purged = purge(store, files(bucket.name, "att/1"))
    assert (purged.gone, purged.failed) == ({1}, {})
    assert bucket.left() == {"att/2": before["att/2"]}
    assert requests["ListObjectVersions"] == 1


def test_m4_an_unversioned_file_is_deleted_by_its_key_without_any_listing(
    store: Store, client: S3Client, unversioned: Bucket
) -> None:
    unversioned.put("att/1", "att/2")
    with counted(client) as requests:
        assert purge(store, files(unversioned.name, "att/1")).gone == {1}
    assert requests == {"GetBucketVersioning": 1, "DeleteObjects": 1}
    assert unversioned.left().keys() == {"att/2"}


@pytest.mark.parametrize("statuses", [(), ("Enabled",), ("Enabled", "Suspended")])
def test_m4_files_whose_key_merely_starts_alike_stay(store: Store, client: S3Client, statuses: tuple[str, ...]) -> None:
    """T36: asking S3 for att/1 also returns att/10."""
    bucket = Bucket(client, *statuses)
    bucket.put("att/1", "att/10", "att/1/x", "att/1~", "att/", "att/0", "ATT/1")
    purged = purge(store, files(bucket.name, "att/1"))
    assert (purged.gone, purged.failed) == ({1}, {})
    assert bucket.left().keys() == {"att/10", "att/1/x", "att/1~", "att/", "att/0", "ATT/1"}
    assert bucket.body("att/10") == b"body of att/10"


def test_m4_a_file_with_more_versions_than_a_page_is_deleted_whole(
    client: S3Client, versioned: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "50")
    versioned.put(*["att/1"] * 120, "att/10", "att/0")
    # One worker, because moto loses deletions of one key's versions that arrive at the same time.
    purged = purge(Store(client, workers=1, keys_per_call=50), files(versioned.name, "att/1"))
    assert (purged.gone, purged.failed) == ({1}, {})
    assert versioned.left().keys() == {"att/10", "att/0"}


@pytest.mark.parametrize("statuses", [(), ("Enabled",)])
def test_m4_files_under_odd_keys_are_deleted(store: Store, client: S3Client, statuses: tuple[str, ...]) -> None:
    bucket = Bucket(client, *statuses)
    bucket.put(*ODD_KEYS, "att/a b", "att/100%", "att/line", "x" * 1023)
    purged = purge(store, files(bucket.name, *ODD_KEYS))
    assert (purged.gone, purged.failed) == (set(range(1, len(ODD_KEYS) + 1)), {})
    assert bucket.left().keys() == {"att/a b", "att/100%", "att/line", "x" * 1023}


def test_m4_a_key_that_xml_cannot_hold_is_deleted_by_itself(
    store: Store, client: S3Client, unversioned: Bucket
) -> None:
    unversioned.put("att/\x01", "att/1")
    with counted(client) as requests:
        assert purge(store, files(unversioned.name, "att/\x01", "att/1")).gone == {1, 2}
    assert unversioned.left() == {}
    assert requests["DeleteObject"] == 2


def test_a_version_put_after_the_listing_stays(store: Store, versioned: Bucket) -> None:
    """Decision 17: between the two steps the caller looks for living rows, so later versions are not its to delete."""
    versioned.put("att/1")
    queued = files(versioned.name, "att/1", "att/2")
    listing = store.list_versions(queued)
    old = versioned.left()["att/1"]
    versioned.put("att/1", "att/2")
    purged = store.delete(listing, [1, 2])
    assert purged.gone == {1, 2}
    left = versioned.left()
    assert len(left["att/1"]) == len(left["att/2"]) == 1
    assert left["att/1"] != old
    assert versioned.body("att/1") == b"body of att/1"


def test_only_the_files_that_the_caller_names_are_deleted(store: Store, versioned: Bucket) -> None:
    versioned.put("att/1", "att/2", "att/3")
    listing = store.list_versions(files(versioned.name, "att/1", "att/2", "att/3"))
    purged = store.delete(listing, {2})
    assert (purged.gone, purged.failed) == ({2}, {})
    assert versioned.left().keys() == {"att/1", "att/3"}


def test_listing_deletes_nothing(store: Store, versioned: Bucket, unversioned: Bucket) -> None:
    for bucket in (versioned, unversioned):
        bucket.put("att/1", "att/1", "att/2")
        before = bucket.left()
        store.delete(store.list_versions(files(bucket.name, "att/1")), [])
        assert bucket.left() == before


@pytest.mark.parametrize("statuses", [(), ("Enabled",)])
def test_a_file_queued_twice_is_deleted_once_and_gone_for_both(client: S3Client, statuses: tuple[str, ...]) -> None:
    """Decision 17: the queue has no uniqueness on (bucket, key)."""
    bucket = Bucket(client, *statuses)
    bucket.put("att/1")
    with counted(client) as requests:
        purged = purge(Store(client, keys_per_call=1), files(bucket.name, "att/1", "att/1"))
    assert (purged.gone, purged.failed) == ({1, 2}, {})
    assert requests["DeleteObjects"] == 1
    assert bucket.left() == {}


@pytest.mark.parametrize("statuses", [(), ("Enabled",)])
def test_a_missing_file_counts_as_gone_and_so_does_a_second_purge(
    store: Store, client: S3Client, statuses: tuple[str, ...]
) -> None:
    """A purge killed before its queue rows went is repeated by the next one; deleting twice leaves no delete marker."""
    bucket = Bucket(client, *statuses)
    bucket.put("att/1")
    queued = files(bucket.name, "att/1", "att/2")
    listing = store.list_versions(queued)
    for purged in (store.delete(listing, [1, 2]), store.delete(listing, [1, 2]), purge(store, queued)):
        assert (purged.gone, purged.failed) == ({1, 2}, {})
        assert bucket.left() == {}


@pytest.mark.parametrize("keys_per_call", [1, 7, 1000])
def test_t37_deletions_go_out_in_batches_of_the_configured_size(
    client: S3Client, unversioned: Bucket, keys_per_call: int
) -> None:
    keys = [f"att/{number}" for number in range(20)]
    unversioned.put(*keys)
    with counted(client) as requests:
        purged = purge(Store(client, keys_per_call=keys_per_call), files(unversioned.name, *keys))
    assert len(purged.gone) == 20
    assert requests["DeleteObjects"] == -(-20 // keys_per_call)
    assert unversioned.left() == {}


@pytest.mark.parametrize("wrong", [{"workers": 0}, {"keys_per_call": 0}, {"keys_per_call": 1001}])
def test_a_store_is_refused_with_limits_that_s3_does_not_know(client: S3Client, wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="expected workers >= 1 and keys_per_call 1 to 1000"):
        Store(client, **wrong)


# Leaping


def test_dense_keys_take_far_fewer_listings_than_keys(
    client: S3Client, versioned: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One page serves all wanted keys on it (moto drops the first entry of each); versioning is asked once."""
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "50")
    keys = [f"att/{number:03}" for number in range(150)]
    versioned.put(*keys)
    with counted(client) as requests:
        purged = purge(Store(client), files(versioned.name, *keys[10:]))
    assert len(purged.gone) == 140
    assert requests["ListObjectVersions"] <= 7
    assert requests["GetBucketVersioning"] == 1
    assert sorted(versioned.left()) == keys[:10]


def test_scattered_keys_take_hardly_more_listings_than_keys(
    client: S3Client, versioned: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "50")
    keys = [f"att/{number:03}" for number in range(200)]
    versioned.put(*keys)
    with counted(client) as requests:
        purged = purge(Store(client), files(versioned.name, *keys[::20]))
    assert len(purged.gone) == 10
    assert requests["ListObjectVersions"] <= 11
    assert len(versioned.left()) == 190


KEYS = st.text("a1/~ é\ud7ff\ue000😀", min_size=1, max_size=3)


@settings(max_examples=25, deadline=None)
@given(
    stored=st.lists(st.tuples(KEYS, st.booleans()), max_size=25),
    queued=st.lists(KEYS, max_size=12),
    workers=st.integers(1, 3),
    page=st.integers(2, 6),
)
def test_m4_whatever_the_keys_exactly_the_queued_ones_lose_all_their_versions(
    client: S3Client, stored: list[tuple[str, bool]], queued: list[str], workers: int, page: int
) -> None:
    """Model: a purge takes the queued keys out of the bucket and nothing else, however small the store's pages are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", str(page))
        bucket = Bucket(client, "Enabled")
        for key, is_hidden in stored:
            bucket.put(key)
            if is_hidden:
                bucket.hide(key)
        before = bucket.left()
        purged = purge(Store(bucket.client, workers=workers, keys_per_call=page), files(bucket.name, *queued))
    assert (purged.gone, purged.failed) == (set(range(1, len(queued) + 1)), {})
    assert bucket.left() == {key: versions for key, versions in before.items() if key not in queued}


# Trouble


def test_a_missing_bucket_fails_its_own_files_only(store: Store, versioned: Bucket) -> None:
    versioned.put("att/1")
    queued = [
        QueuedFile(1, "no-such-bucket", "att/1"),
        QueuedFile(2, versioned.name, "att/1"),
        QueuedFile(3, "A b", "x"),
    ]
    purged = purge(store, queued)
    assert purged.gone == {2}
    assert purged.failed == {1: "NoSuchBucket", 3: "ParamValidationError"}
    assert versioned.left() == {}


def test_a_bucket_that_goes_between_the_steps_fails_its_files(
    store: Store, client: S3Client, unversioned: Bucket
) -> None:
    listing = store.list_versions(files(unversioned.name, "att/1"))
    client.delete_bucket(Bucket=unversioned.name)
    assert store.delete(listing, [1]).failed == {1: "NoSuchBucket"}


@pytest.mark.parametrize("key", ["", "x" * 1025, "é" * 513, "\ud800"])
def test_an_impossible_key_fails_and_takes_no_other_file_with_it(store: Store, versioned: Bucket, key: str) -> None:
    versioned.put("att/1")
    purged = purge(store, files(versioned.name, key, "att/1"))
    assert (purged.gone, purged.failed) == ({2}, {1: "InvalidKey"})
    assert versioned.left() == {}


def test_a_file_that_was_not_listed_is_not_deleted(store: Store, versioned: Bucket) -> None:
    versioned.put("att/1")
    purged = store.delete(store.list_versions(files(versioned.name, "att/1")), [1, 7])
    assert (purged.gone, purged.failed) == ({1}, {7: "NotListed"})


def test_t40_a_version_under_legal_hold_fails_its_file_and_no_other(store: Store, client: S3Client) -> None:
    bucket = f"store-{uuid.uuid4()}"
    client.create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=True)
    for key in ("att/1", "att/2"):
        client.put_object(Bucket=bucket, Key=key, Body=b"first")
    client.put_object_legal_hold(Bucket=bucket, Key="att/1", LegalHold={"Status": "ON"})
    client.put_object(Bucket=bucket, Key="att/1", Body=b"second")
    purged = purge(store, files(bucket, "att/1", "att/2"))
    assert (purged.gone, purged.failed) == ({2}, {1: "AccessDenied"})


def test_an_unreachable_store_fails_every_file_and_raises_nothing(client: S3Client, unversioned: Bucket) -> None:
    unversioned.put("att/1")
    nowhere = Store(connect("http://127.0.0.1:1"))
    assert purge(nowhere, files(unversioned.name, "att/1", "att/2")).failed == dict.fromkeys(
        (1, 2), "EndpointConnectionError"
    )
    listing = Store(client).list_versions(files(unversioned.name, "att/1"))
    assert nowhere.delete(listing, [1]).failed == {1: "EndpointConnectionError"}
    assert unversioned.left().keys() == {"att/1"}


def test_missing_credentials_fail_every_file(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/nonexistent")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", endpoint)
    assert purge(Store(), files("store", "att/1")).failed == {1: "NoCredentials"}


def test_a_store_is_configured_by_the_standard_variables(
    endpoint: str, versioned: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"ACCESS_KEY_ID": "a", "SECRET_ACCESS_KEY": "b", "ENDPOINT_URL_S3": endpoint}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    versioned.put("att/1")
    assert purge(Store(), files(versioned.name, "att/1")).gone == {1}
    assert versioned.left() == {}


def test_b2_no_key_reaches_a_log_or_a_repr(store: Store, versioned: Bucket, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    versioned.put("att/jean-dupont")
    queued = files(versioned.name, "att/jean-dupont")
    listing = store.list_versions(queued)
    Store(connect("http://127.0.0.1:1")).delete(listing, [1])
    purged = store.delete(listing, [1])
    assert purged.gone == {1}
    assert "jean" not in caplog.text + repr((queued, listing, purged))


# Answers that moto does not give


@contextmanager
def answering(answer: Answer) -> Iterator[str]:
    """Run an HTTP server whose answers to (method, key, query, body) are status and XML; yield its endpoint."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # one packet an answer: in two, the second waits 40 ms for an acknowledgement

        def do_GET(self) -> None:
            address = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(address.query, keep_blank_values=True).items()}
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            key = unquote(address.path).removeprefix("/store").removeprefix("/")
            status, text = answer(self.command, key, query, body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            with suppress(BrokenPipeError):  # a client may have stopped waiting
                self.wfile.write(text.encode())
                self.wfile.flush()

        do_POST = do_DELETE = do_GET  # noqa: N815 - the names that http.server calls

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def error(code: str, status: int = 400) -> tuple[int, str]:
    return status, f"<Error><Code>{code}</Code><Message>about att/1</Message></Error>"


VERSIONED = (200, "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")
UNVERSIONED = (200, "<VersioningConfiguration/>")


def page_of(versions: list[tuple[str, str]], query: dict[str, str], size: int = 1000) -> tuple[int, str]:
    """Answer a listing as AWS documents it: after the markers, by UTF-8 bytes, newest first, keys as in a form."""
    ordered = sorted(enumerate(versions), key=lambda row: (row[1][0].encode(), row[0]))
    rows = [row for _, row in ordered if row[0].startswith(query.get("prefix", ""))]
    marker, version_marker = query.get("key-marker", ""), query.get("version-id-marker")
    if version_marker:
        rows = rows[rows.index((marker, version_marker)) + 1 :]
    elif marker:
        rows = [row for row in rows if row[0].encode() > marker.encode()]
    tops = dict(reversed([row for _, row in ordered]))
    shown = rows[:size]
    text = ""
    for key, version in shown:
        kind = "DeleteMarker" if version.startswith("marker") else "Version"
        text += f"<{kind}><Key>{quote_plus(key, safe='/')}</Key><VersionId>{version}</VersionId>"
        text += f"<IsLatest>{str(tops[key] == version).lower()}</IsLatest></{kind}>"
    if len(rows) > size:
        key, version = shown[-1]
        text += "<IsTruncated>true</IsTruncated>"
        text += f"<NextKeyMarker>{quote_plus(key, safe='/')}</NextKeyMarker>"
        text += f"<NextVersionIdMarker>{version}</NextVersionIdMarker>"
    return 200, f"<ListVersionsResult><EncodingType>url</EncodingType>{text}</ListVersionsResult>"


class Versions:
    """A versioned bucket as AWS documents it, as much of it as a purge needs; `refusal` answers batches, if given."""

    def __init__(
        self, versions: list[tuple[str, str]], size: int = 1000, refusal: tuple[int, str] | None = None
    ) -> None:
        self.left, self.size, self.refusal = versions, size, refusal
        self.lock = threading.Lock()

    def __call__(self, method: str, key: str, query: dict[str, str], body: bytes) -> tuple[int, str]:
        with self.lock:
            return self.answer(method, key, query, body)

    def answer(self, method: str, key: str, query: dict[str, str], body: bytes) -> tuple[int, str]:
        if "versioning" in query:
            return VERSIONED
        if "versions" in query:
            return page_of(self.left, query, self.size)
        if method == "DELETE":
            self.left = [row for row in self.left if row != (key, query["versionId"])]
            return 204, ""
        if self.refusal:
            return self.refusal
        asked = {tuple(str(field.text) for field in item) for item in ET.fromstring(body) if len(item)}
        self.left = [row for row in self.left if row not in asked]
        return 200, "<DeleteResult/>"


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
