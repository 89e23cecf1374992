"""What may be done in a bucket, tried out on a key that nothing has: whatever exists stays as it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4

from flows.s3_answers import TROUBLE, reason_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_s3 import S3Client

# What a store answers that is asked for something it does not have, or does not know: no refusal.
_NO_REFUSAL = {
    "InvalidArgument", "MethodNotAllowed", "NoSuchKey", "NoSuchVersion", "NotImplemented",
    "ObjectLockConfigurationNotFoundError",
}  # fmt: skip


@dataclass(slots=True)
class Bucket:
    """A bucket: whether it keeps versions, and the store's code for each action that it refused."""

    name: str
    versioning: str = "unknown"
    is_locked: bool = False
    refusals: dict[str, str] = field(default_factory=dict)


def examine(client: S3Client, name: str) -> Bucket:
    """Asks for versions, lists one, and deletes a version of a key of our own that was never there."""
    bucket, key = Bucket(name), f"retention-doctor-{uuid4()}"

    def attempt(action: str, act: Callable[[], object]) -> None:
        try:
            act()
        except TROUBLE as error:
            if (code := reason_of(error)) not in _NO_REFUSAL:
                bucket.refusals[action] = code

    def look_at_versioning() -> None:
        bucket.versioning = client.get_bucket_versioning(Bucket=name).get("Status", "off").lower()

    def look_at_lock() -> None:
        lock = client.get_object_lock_configuration(Bucket=name).get("ObjectLockConfiguration", {})
        bucket.is_locked = "Rule" in lock

    attempt("versioning", look_at_versioning)
    if bucket.versioning == "off":  # without a version id, which in a versioned bucket would leave a marker
        attempt("delete", lambda: client.delete_object(Bucket=name, Key=key))
    else:
        attempt("list versions", lambda: client.list_object_versions(Bucket=name, MaxKeys=1))
        attempt("delete versions", lambda: client.delete_object(Bucket=name, Key=key, VersionId="null"))
        attempt("lock", look_at_lock)
    bucket.refusals.pop("lock", None)  # the purge does without either, where it may list versions
    if bucket.refusals.keys() == {"versioning"}:
        bucket.refusals.clear()
    return bucket
