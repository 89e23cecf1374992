"""The purge's door to S3: what goes and what stays, and by how many requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fix_store import KEYS, Bucket, counted, files, purge
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.store import Store

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

pytestmark = pytest.mark.xdist_group("store")

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
