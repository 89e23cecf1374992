"""What is checked of the file store: that it answers, its clock, and each bucket that rows name."""

import os
from collections.abc import Iterator
from pathlib import Path

from flows.buckets import Bucket
from flows.database import Database
from flows.disk_store import DiskStore
from flows.doctor.findings import Finding, State
from flows.doctor.server import examine_clock
from flows.settings import Settings
from flows.store import Store


def examine(database: Database, settings: Settings) -> Iterator[Finding]:
    """The store itself, then bucket by bucket; nothing that exists is read or deleted."""
    if settings.files_folder:
        yield _disk(settings.files_folder)
        return
    store = Store()
    reason = store.trouble()
    if reason not in (None, "AccessDenied"):  # who may not list buckets may still work in one
        remedy = "Check AWS_ENDPOINT_URL_S3, AWS_DEFAULT_REGION and the AWS credentials"
        yield Finding("file store", State.MEND, f"it does not answer as one: {reason}", remedy)
        return
    yield Finding("file store", State.OK, "it answers")
    if (now := store.clock()) is not None:
        yield from examine_clock(database, "the file store", lambda: now)
    if not database.row("is_prepared", view=f"{settings.retention_schema}.file_references")["is_prepared"]:
        yield Finding("buckets", State.SKIPPED, "which ones rows name is known after `retention run --dry-run`")
        return
    names = [row["bucket"] for row in database.rows("named_buckets")]
    for name in names:
        yield _judged(store.examine(name))
    if not names:
        yield Finding("buckets", State.OK, "no row names a file")


def _disk(folder: Path) -> Finding:
    DiskStore(folder)
    if not os.access(folder, os.W_OK | os.X_OK):
        remedy = "Let the user that runs work delete files in it"
        return Finding("file store", State.MEND, f"nothing can be deleted in the folder {folder}", remedy)
    return Finding("file store", State.OK, f"files lie in the folder {folder}")


def _judged(bucket: Bucket) -> Finding:
    check = f"bucket {bucket.name}"
    if bucket.refusals:
        refused = ", ".join(f"{action}: {code}" for action, code in bucket.refusals.items())
        remedy = "Grant s3:GetBucketVersioning, s3:ListBucketVersions, s3:DeleteObject and s3:DeleteObjectVersion on it"
        return Finding(check, State.MEND, f"refused: {refused}", remedy)
    if bucket.is_locked:
        return Finding(check, State.LOOK, "objects are locked in it", "Files stay queued until their lock ends")
    return Finding(check, State.OK, f"versions are {bucket.versioning}; versions can be listed and deleted")
