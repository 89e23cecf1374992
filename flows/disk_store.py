"""Files on a local disk, purged like those in S3: never one that was not listed before the check, never a key in a log.

A bucket is a folder below FILE_STORE_FOLDER. A key that leads out of that, by dots or by a link, is none of ours. One
that another may spell otherwise, `a//b` or `./a/b`, is refused: a living row that names the file is found by its key.
A leading slash is let through: a platform begins all of its keys with one, or none.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from flows.errors import BadConfiguration
from flows.store import Listing, Purged, QueuedFile

# What is listed of a file that is there: it has one version, without a name.
THERE = (None,)


class DiskStore:
    """The files below a folder. Trouble with one is an answer about it, never an exception."""

    def __init__(self, folder: Path) -> None:
        """Opens a folder that is there; BadConfiguration where it is not: an unmounted disk is no empty one."""
        if not folder.is_dir():
            raise BadConfiguration(
                f"Opening the file store: expected the folder of FILE_STORE_FOLDER, {folder}, found none. "
                "Mount it, or mend FILE_STORE_FOLDER; nothing was changed."
            )
        self._folder = folder.resolve()

    def clock(self) -> datetime:
        """Return this machine's time, by which the disk stamps files."""
        return datetime.now(UTC)

    def trouble(self) -> str | None:
        """Nothing: whether a disk answers shows when its folder is opened."""
        return None

    def list_versions(self, files: Sequence[QueuedFile]) -> Listing:
        """List which of the files are there; one that can't be looked at fails with the name of the error."""
        return Listing({file.file_id: ((file.bucket, file.object_key), self._look(file)) for file in files})

    def delete(self, listing: Listing, file_ids: Collection[int]) -> Purged:
        """Delete the listed ones of these files; one that is missing by now counts as gone."""
        gone: set[int] = set()
        failed = dict.fromkeys(set(file_ids) - listing.found.keys(), "NotListed")
        for file_id in set(file_ids) & listing.found.keys():
            (bucket, key), found = listing.found[file_id]
            reason = found if isinstance(found, str) else self._delete(bucket, key) if found else None
            if reason:
                failed[file_id] = reason
            else:
                gone.add(file_id)
        return Purged(frozenset(gone), failed)

    def _look(self, file: QueuedFile) -> tuple[None, ...] | str:
        try:
            path = self._path(file.bucket, file.object_key)
            if path is None:
                return "InvalidKey"
            if path.is_dir() and not path.is_symlink():
                return "IsADirectory"
            return THERE if path.is_symlink() or path.exists() else ()
        except (OSError, ValueError) as error:
            return type(error).__name__

    def _delete(self, bucket: str, key: str) -> str | None:
        try:
            if path := self._path(bucket, key):
                path.unlink(missing_ok=True)
        except (OSError, ValueError) as error:
            return type(error).__name__
        return None

    def _path(self, bucket: str, key: str) -> Path | None:
        """The file's path; None where its folder is not within the store's, or the key may be spelled otherwise."""
        path = self._folder / bucket.lstrip("/") / key.lstrip("/")
        is_within = path.parent.resolve().is_relative_to(self._folder) and path.name not in ("", "..")
        plain = PurePosixPath(key.removeprefix("/"))
        is_plain = str(plain) == key.removeprefix("/") and not plain.is_absolute() and ".." not in plain.parts
        return path if key and is_plain and is_within else None
