"""The purge's door to S3 in trouble: a file fails by itself, and the reason names no key."""

from __future__ import annotations

import logging
import uuid
from typing import TYPE_CHECKING

import pytest
from fix_store import Bucket, connect, files, purge

from flows.store import QueuedFile, Store

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

pytestmark = pytest.mark.xdist_group("store")


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
