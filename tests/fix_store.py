"""The purge's door to the session's S3 over HTTP; the server's own memory fills large buckets and shows what is left."""

from __future__ import annotations

import uuid
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from hypothesis import strategies as st

from flows.store import QueuedFile, Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from types_boto3_s3 import S3Client


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


def memory_of_store() -> Any:
    """moto's own memory: it takes every key that S3 takes, which moto over HTTP does not."""
    from moto.s3.models import s3_backends  # only now, since it takes long

    return s3_backends["123456789012"]["aws"]


@contextmanager
def counted(client: S3Client) -> Iterator[Counter[str]]:
    """Count the requests of a client by operation."""
    requests: Counter[str] = Counter()

    def count(model: Any, **_: Any) -> None:
        requests[model.name] += 1

    client.meta.events.register("before-call.s3", count)
    yield requests
    client.meta.events.unregister("before-call.s3", count)


@pytest.fixture(scope="session")
def endpoint(s3_server: dict[str, str]) -> str:
    return s3_server["AWS_ENDPOINT_URL_S3"]


@pytest.fixture(scope="session")
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
            memory_of_store().put_object(self.name, key, f"body of {key}".encode())

    def hide(self, key: str) -> None:
        memory_of_store().delete_object(self.name, key)

    def left(self) -> dict[str, list[str]]:
        keys = memory_of_store().get_bucket(self.name).keys
        return {key: sorted(item.version_id for item in items) for key, items in keys.iterlists()}

    def body(self, key: str) -> bytes:
        return self.client.get_object(Bucket=self.name, Key=key)["Body"].read()


@pytest.fixture
def versioned(client: S3Client) -> Bucket:
    return Bucket(client, "Enabled")


@pytest.fixture
def unversioned(client: S3Client) -> Bucket:
    return Bucket(client)


KEYS = st.text("a1/~ é\ud7ff\ue000😀", min_size=1, max_size=3)
