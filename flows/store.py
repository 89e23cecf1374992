"""Never deletes a version that was not listed before the caller's check; never logs or raises an object key.

The one door to S3: no other module imports boto3, and only `s3_answers` botocore, for its errors. `list_versions` says
what exists, the caller looks whether a living row names the file, `delete` takes those versions and no other: a version
put in between stays. Where S3 names no version this ends: a bucket that was never versioned deletes by key, and in a
suspended one an overwrite keeps the version id `null`. Platforms therefore upload under fresh keys.
"""

from __future__ import annotations

import logging
import re
from bisect import bisect_left
from collections import defaultdict
from concurrent.futures import Executor
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from flows.buckets import Bucket, examine
from flows.errors import BadConfiguration
from flows.s3_answers import TROUBLE, clock_of, code_of, each, entries_of, fits, marker_before, reason_of
from flows.workers import workers

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from types_boto3_s3 import S3Client
    from types_boto3_s3 import type_defs as s3

_Object = tuple[str, str]  # bucket, key
_Version = tuple[str, str, str | None]  # bucket, key, version id; None in an unversioned bucket
_Found = tuple[str | None, ...] | str  # version ids, or the code of what kept them from being listed

_MISSING = {"NoSuchKey", "NoSuchVersion"}
_VERSIONING_UNKNOWN = {"AccessDenied", "NotImplemented", "MethodNotAllowed"}
# Stores without batches, or wanting the Content-MD5 that boto3 no longer sends (T39).
_BATCH_REFUSED = {"MalformedXML", "MissingContentMD5", "InvalidRequest", "NotImplemented", "MethodNotAllowed"}
# Seconds for which a bucket that was never versioned counts as that: claims at work at once ask once. S3 itself takes
# minutes to make a change of it known everywhere.
_VERSIONING_KNOWN_FOR = 1.0
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class QueuedFile:
    """One row of the queue; several may name the same file. The key is personal data and stays out of the repr."""

    file_id: int
    bucket: str
    object_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Listing:
    """What existed of each file, by file_id, when it was listed: opaque, for `Store.delete` only."""

    found: Mapping[int, tuple[_Object, _Found]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Purged:
    """The outcome by file_id: `gone`, nothing listed is left; `failed`, with a code such as 'AccessDenied'."""

    gone: frozenset[int]
    failed: dict[int, str]


class Store:
    """The versions of files in S3. Trouble with the store is an answer about files, never an exception."""

    def __init__(self, client: S3Client | None = None, *, workers: int = 8, keys_per_call: int = 1000) -> None:
        """Run `workers` requests at once and delete `keys_per_call` versions (1 to 1000) in each; AWS_* says where."""
        if workers < 1 or keys_per_call not in range(1, 1001):
            message = f"Store: expected workers >= 1 and keys_per_call 1 to 1000, found {workers} and {keys_per_call}"
            raise ValueError(message)
        # Below these levels they name keys.
        logging.getLogger("botocore").setLevel(logging.WARNING)
        logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)
        self._workers, self._keys_per_call = workers, keys_per_call
        self._never_versioned: dict[str, float] = {}
        # A purge has up to four claims at work, each with its own threads, on one client.
        config = Config(connect_timeout=5, read_timeout=60, max_pool_connections=4 * max(workers, 10))
        config = config.merge(Config(retries={"mode": "adaptive", "total_max_attempts": 5}))
        try:
            self._client = client or boto3.Session().client("s3", config=config)
        except (BotoCoreError, ValueError) as error:
            raise BadConfiguration(
                f"Opening the file store: expected AWS_* variables that name one, found: {error}. "
                "Mend AWS_ENDPOINT_URL_S3, AWS_PROFILE or what is named there; nothing was changed."
            ) from None

    def clock(self) -> datetime | None:
        """Return the store's own time, which a refusal tells as well; None from a store that can't be asked."""
        try:
            return clock_of(self._client.list_buckets())
        except ClientError as error:
            return clock_of(error.response)
        except BotoCoreError:
            return None

    def trouble(self) -> str | None:
        """Return the code of what keeps the store from answering a request for its buckets; None where nothing does."""
        try:
            self._client.list_buckets()
        except TROUBLE as error:
            return reason_of(error)
        return None

    def examine(self, bucket: str) -> Bucket:
        """Return what may be done in a bucket; nothing that exists is touched."""
        return examine(self._client, bucket)

    def list_versions(self, files: Sequence[QueuedFile]) -> Listing:
        """List what exists of each file now: every version and delete marker of exactly its key.

        Takes some thousand files, in any buckets. A key S3 cannot hold (empty, over 1024 bytes) fails: 'InvalidKey'.
        """
        names = {file.file_id: (file.bucket, file.object_key) for file in files}
        keys: defaultdict[str, list[str]] = defaultdict(list)
        for bucket, key in sorted(set(names.values())):
            if fits(key):
                keys[bucket].append(key)
        found: dict[_Object, _Found] = {}
        with workers(self._workers) as pool:
            for bucket in keys:
                listed = self._list_bucket(pool, bucket, keys[bucket])
                found |= {(bucket, key): versions for key, versions in listed.items()}
        return Listing({file_id: (name, found.get(name, "InvalidKey")) for file_id, name in names.items()})

    def delete(self, listing: Listing, file_ids: Collection[int]) -> Purged:
        """Delete exactly the listed versions of these files; one that is missing by now counts as gone.

        What was not listed fails with 'NotListed'. What failed is tried again by a new listing.
        """
        chosen = {file_id: listing.found[file_id] for file_id in file_ids if file_id in listing.found}
        refused: dict[_Object, str] = {}
        versions: defaultdict[str, list[_Version]] = defaultdict(list)
        for (bucket, key), listed in set(chosen.values()):
            if isinstance(listed, str):
                refused[bucket, key] = listed
            else:
                versions[bucket] += [(bucket, key, version_id) for version_id in listed]
        size = self._keys_per_call
        batches = [some[i : i + size] for some in versions.values() for i in range(0, len(some), size)]
        with workers(self._workers) as pool:
            for codes in pool.map(self._delete_batch, batches):
                refused |= codes
        failed = dict.fromkeys(set(file_ids) - chosen.keys(), "NotListed")
        failed |= {file_id: refused[name] for file_id, (name, _) in chosen.items() if name in refused}
        return Purged(frozenset(chosen.keys() - failed.keys()), failed)

    def _list_bucket(self, pool: Executor, bucket: str, keys: list[str]) -> dict[str, _Found]:
        if self._never_versioned.get(bucket, 0) > monotonic():
            return dict.fromkeys(keys, (None,))
        try:
            if "Status" not in self._client.get_bucket_versioning(Bucket=bucket):
                self._never_versioned[bucket] = monotonic() + _VERSIONING_KNOWN_FOR
                return dict.fromkeys(keys, (None,))
        except TROUBLE as error:
            if reason_of(error) not in _VERSIONING_UNKNOWN:
                return dict.fromkeys(keys, reason_of(error))
        found = self._leap(bucket, keys)
        rest = [key for key in keys if key not in found]
        shares = [rest[i :: self._workers] for i in range(self._workers)]
        for listed in pool.map(lambda share: each(share, lambda key: self._list_key(bucket, key)), shares):
            found |= listed
        return found

    def _leap(self, bucket: str, keys: list[str]) -> dict[str, _Found]:
        """List sorted keys a page at a time, each page from just before the next key; leave out what no page shows.

        Ends with the page that shows no more keys than the workers would have listed one by one meanwhile.
        """
        found: dict[str, _Found] = {}
        start, shown = 0, set(keys)
        while min(len(shown), len(keys) - start) > self._workers:
            try:
                page = self._client.list_object_versions(Bucket=bucket, KeyMarker=marker_before(keys[start]))
            except TROUBLE:
                break
            versions: defaultdict[str, list[str]] = defaultdict(list)
            for name, version_id, _ in entries_of(page):
                versions[name].append(version_id)
            # The last key may go on in the next page; of the first, some stores (moto) drop the latest version.
            end = bisect_left(keys, max(versions, default="")) if page.get("IsTruncated") else len(keys)
            shown = {name for name, _, is_latest in entries_of(page) if is_latest}.intersection(keys[start:end])
            found |= {key: tuple(versions[key]) for key in shown}
            start = end
        return found

    def _list_key(self, bucket: str, key: str) -> _Found:
        """List one key by its prefix; the key itself comes before all others that start with it."""
        request: s3.ListObjectVersionsRequestTypeDef = {"Bucket": bucket, "Prefix": key}
        versions: dict[str, None] = {}
        while True:
            page = self._client.list_object_versions(**request)
            entries = entries_of(page)
            known = len(versions)
            versions |= {version_id: None for name, version_id, _ in entries if name == key}
            goes_on = page.get("IsTruncated") and all(name == key for name, _, _ in entries)
            is_stuck = goes_on and (len(versions) == known or not page.get("NextVersionIdMarker"))
            # A key that comes back other than it was stored must not pass for a missing one.
            if is_stuck or not all(name.startswith(key) for name, _, _ in entries):
                return "UnreadableListing"
            if not goes_on:
                return tuple(versions)
            request |= {"KeyMarker": page.get("NextKeyMarker", key), "VersionIdMarker": page["NextVersionIdMarker"]}

    def _delete_batch(self, batch: list[_Version]) -> dict[_Object, str]:
        """Delete versions of one bucket, in one request where the store can; return what failed."""
        bucket, names = batch[0][0], {version[:2] for version in batch}
        if any(_NOT_XML.search(key) for _, key in names):
            return self._delete_singly(batch)
        keyed: list[s3.ObjectIdentifierTypeDef] = [
            {"Key": key} if version is None else {"Key": key, "VersionId": version} for _, key, version in batch
        ]
        try:
            answer = self._client.delete_objects(Bucket=bucket, Delete={"Objects": keyed, "Quiet": True})
        except TROUBLE as error:
            code = reason_of(error)
            return self._delete_singly(batch) if code in _BATCH_REFUSED else dict.fromkeys(names, code)
        errors = [((bucket, error.get("Key", "")), code_of(error.get("Code"))) for error in answer.get("Errors", [])]
        failed = {name: code for name, code in errors if code not in _MISSING}
        # A key that is none of ours is one of ours that came back otherwise: then no file of the batch counts as gone.
        return failed if failed.keys() <= names else dict.fromkeys(names, next(iter(failed.values())))

    def _delete_singly(self, batch: list[_Version]) -> dict[_Object, str]:
        codes = each(batch, self._delete_version)
        return {version[:2]: code for version, code in codes.items() if code and code not in _MISSING}

    def _delete_version(self, version: _Version) -> None:
        bucket, key, version_id = version
        request: s3.DeleteObjectRequestTypeDef = {"Bucket": bucket, "Key": key}
        self._client.delete_object(**request if version_id is None else {**request, "VersionId": version_id})
